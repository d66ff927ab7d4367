package nst.engine.network;

import ai.djl.ndarray.NDArray;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import nst.engine.network.FeatureNetwork.MapGradients;
import nst.model.knob.Layer;

/**
 * A VGG's run on its way to a gradient. Of each ReLU it keeps the result, which tells where its
 * input was positive; what is pooled or convolved is such a result, or counts by its shape only.
 */
final class VggPass implements FeatureNetwork.Pass {
  private final FeatureNetwork.Vgg network;
  private final List<VggStep> steps;
  private final Set<Layer> wanted;
  private final Map<Layer, NDArray> kept; // (images, N, height, width)

  VggPass(
      FeatureNetwork.Vgg network,
      List<VggStep> steps,
      Set<Layer> wanted,
      Map<Layer, NDArray> kept) {
    this.network = network;
    this.steps = steps;
    this.wanted = wanted;
    this.kept = kept;
  }

  /** Whether the way back looks at a step's result. */
  static boolean keeps(VggStep step) {
    return step.kind() != VggStep.Kind.POOL;
  }

  @Override
  public Map<Layer, NDArray> maps() {
    Map<Layer, NDArray> maps = new EnumMap<>(kept);
    maps.keySet().retainAll(wanted);
    return maps;
  }

  @Override
  public NDArray backward(MapGradients objective) {
    Optional<NDArray> gradient = Optional.empty();
    for (int end = steps.size(); end > 0; ) {
      Layer layer = steps.get(end - 1).layer(); // wanted: the deepest is
      int begin = begin(end);
      NDArray byMap = objective.added(layer, kept.get(layer), gradient);
      gradient = Optional.of(network.back(byMap, steps.subList(begin, end), seen(begin, end)));
      kept.get(layer).close();
      end = begin;
    }
    return gradient.orElseThrow();
  }

  /** The first step after the wanted layer before the one that {@code end - 1} makes. */
  private int begin(int end) {
    int begin = end - 1;
    while (begin > 0 && !wanted.contains(steps.get(begin - 1).layer())) {
      begin--;
    }
    return begin;
  }

  /** For each step what the way back looks at, to be closed: the result, or what was pooled. */
  private List<NDArray> seen(int begin, int end) {
    return IntStream.range(begin, end).mapToObj(this::seen).toList();
  }

  private NDArray seen(int step) {
    return keeps(steps.get(step))
        ? kept.get(steps.get(step).layer())
        : kept.get(steps.get(step - 1).layer()).stopGradient(); // its own step closes it
  }
}
