package nst.engine.network;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nst.engine.network.Architecture.Convolution;
import nst.model.knob.Layer;

/**
 * A step of a VGG.
 *
 * @param layer the layer whose map is the result
 * @param convolution for {@link Kind#CONVOLVE} and {@link Kind#ACTIVATE}
 */
public record VggStep(Kind kind, Layer layer, Optional<Convolution> convolution) {

  /** The operation. */
  public enum Kind {
    CONVOLVE(0),
    RECTIFY(1),
    /** A convolution with its ReLU, if the map between them is not needed. */
    ACTIVATE(2),
    POOL(3);

    /** Its number in {@code tensor_operations.py}. */
    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** All steps up to the deepest of the wanted layers. */
  static List<VggStep> to(Architecture.Vgg vgg, Set<Layer> wanted) {
    Layer deepest = Architecture.deepest(wanted);
    List<VggStep> steps =
        all(vgg, wanted).stream().takeWhile(step -> step.layer().compareTo(deepest) <= 0).toList();
    Set<Layer> missing = new HashSet<>(wanted);
    steps.forEach(step -> missing.remove(step.layer()));
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("VGG lacks the layers " + missing);
    }
    return steps;
  }

  private static List<VggStep> all(Architecture.Vgg vgg, Set<Layer> wanted) {
    List<VggStep> steps = new ArrayList<>();
    for (Architecture.Vgg.Block block : vgg.blocks()) {
      for (Architecture.Vgg.Step step : block.steps()) {
        Optional<Convolution> convolution = Optional.of(step.convolution());
        if (wanted.contains(step.conv())) {
          steps.add(new VggStep(Kind.CONVOLVE, step.conv(), convolution));
          steps.add(new VggStep(Kind.RECTIFY, step.relu(), Optional.empty()));
        } else {
          steps.add(new VggStep(Kind.ACTIVATE, step.relu(), convolution));
        }
      }
      steps.add(new VggStep(Kind.POOL, block.pool(), Optional.empty()));
    }
    return steps;
  }
}
