package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.engine.Architecture.Convolution;
import nst.engine.Architecture.MobileNetV2.InvertedResidual;
import nst.engine.Architecture.MobileNetV2.Shortcut;
import nst.model.Hyperparameters.Padding;
import nst.model.Hyperparameters.Pooling;
import nst.model.Layer;

/**
 * A backbone that shows its feature maps. It holds still: its filters have no gradient.
 *
 * <p>Every map is closed as soon as the next one is computed. That frees only Java's handle: what
 * the gradient needs, libtorch's graph keeps.
 */
sealed interface FeatureNetwork {

  /**
   * The maps of the wanted layers; the network is run no further than the deepest.
   *
   * @param input (1, 3, height, width) in the network's input space and arithmetic; not closed
   */
  Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted);

  /** A convolution on the device. */
  record Filter(Convolution shape, NDArray weight, NDArray bias) {

    /** (1, inChannels, height, width) to (1, outChannels, height / stride, width / stride). */
    NDArray apply(NDArray map) {
      return apply(map, shape.kernel() / 2);
    }

    /** The same, with so many rows and columns of zeros round the map. */
    NDArray apply(NDArray map, int padding) {
      return JniUtils.convolution(
          (PtNDArray) map,
          (PtNDArray) weight,
          (PtNDArray) bias,
          new Shape(shape.stride(), shape.stride()),
          new Shape(padding, padding),
          new Shape(1, 1),
          shape.groups());
    }
  }

  /** A convolution's filters on the device. */
  interface Filters {
    Filter get(Convolution convolution);
  }

  /** The maps that somebody asked for; all others are closed. */
  final class Taken {
    private final Set<Layer> wanted;
    private final Map<Layer, NDArray> maps = new EnumMap<>(Layer.class);

    Taken(Set<Layer> wanted) {
      this.wanted = wanted;
    }

    boolean wants(Layer layer) {
      return wanted.contains(layer);
    }

    void offer(Layer layer, NDArray map) {
      if (wants(layer)) {
        maps.put(layer, map);
      }
    }

    boolean isComplete() {
      return maps.size() == wanted.size();
    }

    /**
     * {@code next} in place of {@code map}, which is closed unless it was taken or is the input.
     */
    NDArray replace(NDArray map, NDArray next, NDArray input) {
      if (map != input && maps.values().stream().noneMatch(taken -> taken == map)) {
        map.close();
      }
      return next;
    }
  }

  /** VGG16 or VGG19: 3x3 convolutions, ReLU, 2x2 pooling. */
  record Vgg(
      Architecture.Vgg architecture,
      Filters filters,
      Pooling pooling,
      Padding padding,
      Arithmetic arithmetic)
      implements FeatureNetwork {
    @Override
    public Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted) {
      Taken taken = new Taken(wanted);
      NDArray map = input;
      for (Architecture.Vgg.Block block : architecture.blocks()) {
        for (Architecture.Vgg.Step step : block.steps()) {
          map = taken.replace(map, convolved(map, filters.get(step.convolution())), input);
          taken.offer(step.conv(), map);
          if (taken.isComplete()) {
            return taken.maps;
          }
          map =
              taken.wants(step.conv())
                  ? JniUtils.relu((PtNDArray) map)
                  : arithmetic.reluInPlace(map);
          taken.offer(step.relu(), map);
          if (taken.isComplete()) {
            return taken.maps;
          }
        }
        map = taken.replace(map, pooled(map), input);
        taken.offer(block.pool(), map);
        if (taken.isComplete()) {
          return taken.maps;
        }
      }
      throw new IllegalArgumentException("VGG has no layers " + wanted);
    }

    private NDArray convolved(NDArray map, Filter filter) {
      return switch (padding) {
        case ZEROS -> filter.apply(map);
        case REPLICATE -> {
          try (NDArray bordered = arithmetic.replicatedBorder(map)) {
            yield filter.apply(bordered, 0);
          }
        }
      };
    }

    /** (1, channels, height, width) to (1, channels, height / 2, width / 2), odd ends dropped. */
    private NDArray pooled(NDArray map) {
      Shape two = new Shape(2, 2);
      Shape none = new Shape(0, 0);
      return switch (pooling) {
        case AVERAGE -> JniUtils.avgPool((PtNDArray) map, two, two, none, false, true);
        case MAX -> JniUtils.maxPool((PtNDArray) map, two, two, none, false);
      };
    }
  }

  /** MobileNetV2: inverted residual blocks with ReLU6; it has no pooling. */
  record MobileNetV2(Architecture.MobileNetV2 architecture, Filters filters)
      implements FeatureNetwork {
    @Override
    public Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted) {
      Taken taken = new Taken(wanted);
      NDArray map = relu6(filters.get(architecture.stem()).apply(input));
      taken.offer(Layer.FEATURES0, map);
      for (InvertedResidual block : architecture.blocks()) {
        if (taken.isComplete()) {
          return taken.maps;
        }
        map = taken.replace(map, residual(map, block), input);
        taken.offer(block.layer(), map);
      }
      if (!taken.isComplete()) {
        taken.offer(Layer.FEATURES18, relu6(filters.get(architecture.head()).apply(map)));
      }
      return taken.maps;
    }

    private NDArray residual(NDArray map, InvertedResidual block) {
      List<Convolution> convolutions = block.convolutions();
      NDArray inner = map;
      for (Convolution convolution : convolutions.subList(0, convolutions.size() - 1)) {
        inner = relu6(filters.get(convolution).apply(inner));
      }
      // The narrowing convolution is linear: a ReLU would destroy what few channels hold.
      inner = filters.get(convolutions.get(convolutions.size() - 1)).apply(inner);
      return block.shortcut() == Shortcut.ADDED ? inner.add(map) : inner;
    }

    /** min(max(x, 0), 6) = relu(x) - relu(x - 6). */
    private static NDArray relu6(NDArray map) {
      NDArray six = map.getManager().full(new Shape(), 6, map.getDataType());
      return JniUtils.relu((PtNDArray) map).sub(JniUtils.relu((PtNDArray) map.sub(six)));
    }
  }
}
