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

/** A backbone that returns its feature maps. It is fixed: its filters have no gradient. */
public sealed interface FeatureNetwork {

  /** The scale of its maps; see {@link nst.model.NetworkFacts#activationScale()}. */
  double activationScale();

  /**
   * The maps of the wanted layers. The network is run only up to the deepest of them and keeps no
   * other maps.
   *
   * @param input (images, 3, height, width), standardised, in the network's arithmetic; not closed
   */
  Map<Layer, NDArray> features(NDArray input, Set<Layer> wanted);

  /**
   * The same, with the values that the gradient needs.
   *
   * @param input as for {@link #features}, not part of a graph
   */
  Pass forward(NDArray input, Set<Layer> wanted);

  /**
   * A forward pass of the network whose gradient can be computed. Its tensors belong to the
   * caller's scope.
   */
  interface Pass {
    /** The maps of the wanted layers, not part of a graph. */
    Map<Layer, NDArray> maps();

    /**
     * The gradient with respect to the network's input, (images, 3, height, width) in the network's
     * arithmetic. Can be called only once, because it closes the maps.
     *
     * @param objective the gradients with respect to the maps
     */
    NDArray backward(MapGradients objective);
  }

  /** The gradients of an objective with respect to the wanted maps. */
  interface MapGradients {
    /**
     * Adds the gradient of this layer's terms to the gradient from deeper layers.
     *
     * @param map the map of the layer, (images, N, height, width)
     * @param arriving the gradient from deeper layers, of the map's shape; closed or overwritten
     */
    NDArray added(Layer layer, NDArray map, Optional<NDArray> arriving);
  }

  /** The filters of the convolutions on the device. */
  interface Filters {
    Filter get(Convolution convolution);
  }

  /**
   * VGG16 or VGG19: 3x3 convolutions, ReLU, 2x2 pooling. Its gradient is computed step by step and
   * not by autograd. Autograd would also keep the input of every convolution (with replicated
   * borders, a second copy of every map) and read the maps more often.
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
      return run(input, steps(wanted), step -> wanted.contains(step.layer()));
    }

    @Override
    public Pass forward(NDArray input, Set<Layer> wanted) {
      List<VggStep> steps = steps(wanted);
      Predicate<VggStep> kept = step -> VggPass.keeps(step) || wanted.contains(step.layer());
      return new VggPass(this, steps, wanted, run(input, steps, kept));
    }

    /** The maps of the kept steps, in order. */
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
     * Computes the gradient with respect to the input of the first step.
     *
     * @param gradient with respect to the result of the last step; closed
     * @param seen for each step, the result of its ReLU or the input of its pooling; closed
     */
    NDArray back(NDArray gradient, List<VggStep> steps, List<NDArray> seen) {
      return operations.runBack(gradient, steps, filters(steps), seen, pooling, padding);
    }

    /** The steps to the deepest of these layers. */
    public List<VggStep> steps(Set<Layer> wanted) {
      return VggStep.to(architecture, wanted);
    }

    /** The filters of the convolutions in these steps. */
    public List<Filter> filters(List<VggStep> steps) {
      return steps.stream().flatMap(step -> step.convolution().stream()).map(filters::get).toList();
    }
  }

  /**
   * MobileNetV2: inverted residual blocks with ReLU6; it has no pooling. Autograd computes its
   * gradient.
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

    /**
     * A scalar whose gradient with respect to each map is that of the objective: the sum of their
     * products.
     */
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
      // The last convolution is linear, because a ReLU would lose information in few channels.
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
