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
 * A forward pass of a VGG whose gradient can be computed. It keeps the result of each ReLU, which
 * tells where the input was positive. The input of a pooling or convolution is such a result, or
 * only its shape is needed.
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

  /** Whether the gradient needs the result of a step. */
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
      Layer layer = steps.get(end - 1).layer(); // a wanted layer, because the deepest is one
      int begin = begin(end);
      NDArray byMap = objective.added(layer, kept.get(layer), gradient);
      gradient = Optional.of(network.back(byMap, steps.subList(begin, end), seen(begin, end)));
      kept.get(layer).close();
      end = begin;
    }
    return gradient.orElseThrow();
  }

  /**
   * The first step after the previous wanted layer, for the layer that step {@code end - 1}
   * computes.
   */
  private int begin(int end) {
    int begin = end - 1;
    while (begin > 0 && !wanted.contains(steps.get(begin - 1).layer())) {
      begin--;
    }
    return begin;
  }

  /**
   * For each step, the tensor that the gradient needs: the result, or the input of a pooling. The
   * caller closes them.
   */
  private List<NDArray> seen(int begin, int end) {
    return IntStream.range(begin, end).mapToObj(this::seen).toList();
  }

  private NDArray seen(int step) {
    return keeps(steps.get(step))
        ? kept.get(steps.get(step).layer())
        : kept.get(steps.get(step - 1).layer()).stopGradient(); // closed by its own step
  }
}
