package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nst.engine.network.Architecture.Convolution;
import nst.model.Hyperparameters;

/**
 * The filters on the device. Each is created when a network first needs it, and is shared by all
 * threads and images.
 */
public final class FilterBank {
  private final NDManager manager;
  private final NetworkWeights weights;
  private final Architecture architecture;
  private final Map<Key, Filter> made = new ConcurrentHashMap<>();

  private record Key(Convolution convolution, Arithmetic arithmetic) {}

  public FilterBank(NDManager manager, NetworkWeights weights) {
    this.manager = manager;
    this.weights = weights;
    this.architecture = Architecture.of(weights.backbone());
  }

  /**
   * The backbone as a network. Nothing is computed until it runs.
   *
   * @param hyperparameters of which the network reads only those that affect {@link
   *     nst.model.knob.Effect#FEATURES}
   */
  public FeatureNetwork network(Arithmetic arithmetic, Hyperparameters hyperparameters) {
    FeatureNetwork.Filters filters =
        convolution -> made.computeIfAbsent(new Key(convolution, arithmetic), this::make);
    double scale = weights.facts().activationScale();
    if (architecture instanceof Architecture.Vgg vgg) {
      return new FeatureNetwork.Vgg(
          vgg,
          filters,
          scale,
          hyperparameters.pooling(),
          hyperparameters.padding(),
          arithmetic.operations());
    }
    return new FeatureNetwork.MobileNetV2((Architecture.MobileNetV2) architecture, filters, scale);
  }

  private Filter make(Key key) {
    FilterValues filters = weights.filters(key.convolution());
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      // Copies, because create() borrows Java's memory.
      Arithmetic arithmetic = key.arithmetic();
      Shape shape = new Shape(key.convolution().shape());
      NDArray weight =
          arithmetic.enter(arithmetic.exact(manager.create(filters.weight(), shape).duplicate()));
      NDArray bias =
          arithmetic.entered(arithmetic.exact(manager.create(filters.bias()).duplicate()));
      NDScope.unregister(weight, bias);
      return new Filter(key.convolution(), weight, bias);
    }
  }

  /** The number of convolutions whose filters are on the device, in each arithmetic. */
  public int count() {
    return made.size();
  }

  /** Frees the memory on the device. Networks of this bank must not run afterwards. */
  public void close() {
    made.values()
        .forEach(
            filter -> {
              filter.weight().close();
              filter.bias().close();
            });
    made.clear();
  }
}
