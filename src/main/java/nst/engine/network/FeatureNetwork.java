package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import nst.engine.network.Architecture.Convolution;
import nst.engine.network.Architecture.MobileNetV2.InvertedResidual;
import nst.engine.network.Architecture.MobileNetV2.Shortcut;
import nst.engine.torch.TorchDevice;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Pooling;

/** A backbone that shows its feature maps. It holds still: its filters have no gradient. */
public sealed interface FeatureNetwork {

  /** How large its maps are; see {@link nst.model.NetworkFacts#activationScale()}. */
  double activationScale();

  /**
   * The maps of the wanted layers; the network is run no further than the deepest, and keeps
   * nothing else.
   *
   * @param input (images, 3, height, width), standardised, in the network's arithmetic; not closed
   */
  Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted);

  /**
   * The same, with what a gradient needs to come back.
   *
   * @param input as for {@link #features}, of no graph
   */
  Pass forward(NDArray input, Set<Layer> wanted);

  /** One run of the network, on the way to a gradient. Its tensors belong to the caller's scope. */
  interface Pass {
    /** The maps of the wanted layers, of no graph. */
    Map<Layer, NDArray> maps();

    /**
     * The gradient by the network's input, (images, 3, height, width) in the network's arithmetic.
     * Can be had once: maps are closed on the way.
     *
     * @param objective what the maps are for
     */
    NDArray backward(MapGradients objective);
  }

  /** The part of an objective's gradient that comes in at the wanted layers. */
  interface MapGradients {
    /**
     * An arriving gradient with this layer's own added to it.
     *
     * @param map of the layer, (images, N, height, width)
     * @param arriving by the map, of its shape, from deeper layers; closed or written over
     */
    NDArray added(Layer layer, NDArray map, Optional<NDArray> arriving);
  }

  /** A convolution's filters on the device. */
  interface Filters {
    Filter get(Convolution convolution);
  }

  /**
   * VGG16 or VGG19: 3x3 convolutions, ReLU, 2x2 pooling. Its gradient is taken step by step, not by
   * autograd, which would keep every convolution's input too (with replicated borders a second copy
   * of every map), and would go over the maps more often.
   */
  record Vgg(
      Architecture.Vgg architecture,
      Filters filters,
      double activationScale,
      Pooling pooling,
      Padding padding,
      TensorOperations operations)
      implements FeatureNetwork {

    @Override
    public Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted) {
      return run(input, VggStep.to(architecture, wanted), step -> wanted.contains(step.layer()));
    }

    @Override
    public Pass forward(NDArray input, Set<Layer> wanted) {
      List<VggStep> steps = VggStep.to(architecture, wanted);
      Predicate<VggStep> kept = step -> VggPass.keeps(step) || wanted.contains(step.layer());
      return new VggPass(this, steps, wanted, run(input, steps, kept));
    }

    /** The maps of the steps that are kept, in order. */
    private Map<Layer, NDArray> run(NDArray input, List<VggStep> steps, Predicate<VggStep> kept) {
      List<NDArray> maps = operations.run(input, steps, filters(steps), kept, pooling, padding);
      List<VggStep> keptSteps = steps.stream().filter(kept).toList();
      Map<Layer, NDArray> byLayer = new EnumMap<>(Layer.class);
      for (int i = 0; i < maps.size(); i++) {
        byLayer.put(keptSteps.get(i).layer(), maps.get(i));
      }
      return byLayer;
    }

    /**
     * From the gradient by the last step's result to that by what the first step was given.
     *
     * @param gradient closed
     * @param seen for each step a ReLU's result, or what was pooled; closed
     */
    NDArray back(NDArray gradient, List<VggStep> steps, List<NDArray> seen) {
      return operations.runBack(gradient, steps, filters(steps), seen, pooling, padding);
    }

    private List<Filter> filters(List<VggStep> steps) {
      return steps.stream().flatMap(step -> step.convolution().stream()).map(filters::get).toList();
    }
  }

  /**
   * MobileNetV2: inverted residual blocks with ReLU6; it has no pooling. Its gradient is
   * autograd's.
   */
  record MobileNetV2(Architecture.MobileNetV2 architecture, Filters filters, double activationScale)
      implements FeatureNetwork {
    @Override
    public Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted) {
      Map<Layer, NDArray> taken = new EnumMap<>(Layer.class);
      NDArray map = relu6(filters.get(architecture.stem()).apply(input));
      take(taken, wanted, Layer.FEATURES0, map);
      for (InvertedResidual block : architecture.blocks()) {
        if (taken.size() == wanted.size()) {
          return taken;
        }
        NDArray next = residual(map, block);
        if (!taken.containsValue(map)) {
          map.close();
        }
        map = next;
        take(taken, wanted, block.layer(), map);
      }
      if (taken.size() < wanted.size()) {
        map = relu6(filters.get(architecture.head()).apply(map));
        take(taken, wanted, Layer.FEATURES18, map);
      }
      return taken;
    }

    private static void take(
        Map<Layer, NDArray> taken, Set<Layer> wanted, Layer layer, NDArray map) {
      if (wanted.contains(layer)) {
        taken.put(layer, map);
      }
    }

    @Override
    public Pass forward(NDArray input, Set<Layer> wanted) {
      NDArray leaf = input.duplicate();
      leaf.setRequiresGradient(true);
      Map<Layer, NDArray> recorded = TorchDevice.recorded(() -> features(leaf, wanted));
      Map<Layer, NDArray> maps = new EnumMap<>(Layer.class);
      recorded.forEach((layer, map) -> maps.put(layer, map.stopGradient()));
      return new Pass() {
        @Override
        public Map<Layer, NDArray> maps() {
          return maps;
        }

        @Override
        public NDArray backward(MapGradients objective) {
          TorchDevice.backward(TorchDevice.recorded(() -> pairing(recorded, maps, objective)));
          return leaf.getGradient();
        }
      };
    }

    /** A scalar whose gradient by each map is the objective's: the sum of their products. */
    private static NDArray pairing(
        Map<Layer, NDArray> recorded, Map<Layer, NDArray> maps, MapGradients objective) {
      return recorded.entrySet().stream()
          .map(
              entry -> {
                Layer layer = entry.getKey();
                NDArray gradient = objective.added(layer, maps.get(layer), Optional.empty());
                return entry.getValue().mul(gradient).sum();
              })
          .reduce(NDArray::add)
          .orElseThrow();
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
