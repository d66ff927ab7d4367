package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.engine.FeatureNetwork.Filter;
import nst.engine.FeatureNetwork.MapGradients;
import nst.model.Hyperparameters.Padding;
import nst.model.Hyperparameters.Pooling;
import nst.model.Layer;

/**
 * What is kept of a VGG's run. Every operation hands its result over, gets it back, and a map that
 * nobody needs any more is closed.
 */
abstract sealed class VggTape {
  private final Set<Layer> wanted;
  private final Map<Layer, NDArray> maps = new EnumMap<>(Layer.class);

  private VggTape(Set<Layer> wanted) {
    this.wanted = wanted;
  }

  Set<Layer> wanted() {
    return wanted;
  }

  boolean wants(Layer layer) {
    return wanted.contains(layer);
  }

  boolean isComplete() {
    return maps.size() == wanted.size();
  }

  public Map<Layer, NDArray> maps() {
    return maps;
  }

  /** Takes the map if it is wanted; returns it. */
  NDArray offered(Layer layer, NDArray map) {
    if (wants(layer)) {
      maps.put(layer, map);
    }
    return map;
  }

  boolean isTaken(NDArray map) {
    return maps.values().stream().anyMatch(taken -> taken == map); // equals compares contents
  }

  /** A convolution's result, (1, N, height, width). */
  abstract NDArray convolved(Layer layer, Filter filter, NDArray map);

  /** A convolution's ReLU, which was asked for apart. */
  abstract NDArray rectified(Layer layer, NDArray map);

  /** A convolution and its ReLU in one. */
  abstract NDArray activated(Layer layer, Filter filter, NDArray map);

  /** {@code from} pooled to {@code map}. */
  abstract NDArray pooled(Layer layer, NDArray from, NDArray map);

  /** Keeps the wanted maps only. */
  static final class Forgetful extends VggTape {
    private Optional<NDArray> last = Optional.empty();

    Forgetful(Set<Layer> wanted) {
      super(wanted);
    }

    @Override
    NDArray convolved(Layer layer, Filter filter, NDArray map) {
      return next(layer, map);
    }

    @Override
    NDArray rectified(Layer layer, NDArray map) {
      return next(layer, map);
    }

    @Override
    NDArray activated(Layer layer, Filter filter, NDArray map) {
      return next(layer, map);
    }

    @Override
    NDArray pooled(Layer layer, NDArray from, NDArray map) {
      return next(layer, map);
    }

    private NDArray next(Layer layer, NDArray map) {
      last.filter(previous -> !isTaken(previous)).ifPresent(NDArray::close);
      last = Optional.of(map);
      return offered(layer, map);
    }
  }

  /**
   * Keeps what the way back needs: each ReLU's result, which tells where its input was positive.
   * Not what is pooled or convolved: of that only the shape counts.
   */
  static final class Recorded extends VggTape implements FeatureNetwork.Pass {

    /** An operation. */
    private sealed interface Step {
      Layer layer();

      NDArray result(); // (1, N, height, width)
    }

    private record Convolved(Layer layer, NDArray result, Filter filter) implements Step {}

    private record Rectified(Layer layer, NDArray result) implements Step {}

    private record Activated(Layer layer, NDArray result, Filter filter) implements Step {}

    private record Pooled(Layer layer, NDArray result, NDArray from) implements Step {}

    private final Deque<Step> steps = new ArrayDeque<>(); // latest first
    private final Pooling pooling;
    private final Padding padding;
    private final TensorOperations operations;

    Recorded(Set<Layer> wanted, Pooling pooling, Padding padding, TensorOperations operations) {
      super(wanted);
      this.pooling = pooling;
      this.padding = padding;
      this.operations = operations;
    }

    @Override
    NDArray convolved(Layer layer, Filter filter, NDArray map) {
      return record(new Convolved(layer, map, filter));
    }

    @Override
    NDArray rectified(Layer layer, NDArray map) {
      return record(new Rectified(layer, map));
    }

    @Override
    NDArray activated(Layer layer, Filter filter, NDArray map) {
      return record(new Activated(layer, map, filter));
    }

    @Override
    NDArray pooled(Layer layer, NDArray from, NDArray map) {
      return record(new Pooled(layer, map, from));
    }

    private NDArray record(Step step) {
      if (steps.peek() instanceof Pooled pooled && !isTaken(pooled.result())) {
        pooled.result().close();
      }
      steps.push(step);
      return offered(step.layer(), step.result());
    }

    @Override
    public NDArray backward(MapGradients objective) {
      Optional<NDArray> gradient = Optional.empty();
      while (!steps.isEmpty()) {
        Step step = steps.pop();
        NDArray byResult = gradient(step, gradient, objective);
        NDArray byInput = through(step, byResult);
        byResult.close();
        step.result().close();
        gradient = Optional.of(byInput);
      }
      return gradient.orElseThrow();
    }

    private NDArray gradient(Step step, Optional<NDArray> arriving, MapGradients objective) {
      return wants(step.layer())
          ? objective.added(step.layer(), step.result(), arriving)
          : arriving.orElseThrow();
    }

    private NDArray through(Step step, NDArray gradient) {
      if (step instanceof Pooled pooled) {
        return switch (pooling) {
          case AVERAGE -> operations.throughAveragePooling(gradient, pooled.from());
          case MAX -> operations.throughMaxPooling(gradient, pooled.from());
        };
      }
      if (step instanceof Convolved convolved) {
        return operations.throughFilters(gradient, convolved.filter().weight(), padding);
      }
      NDArray masked = operations.throughRelu(gradient, step.result());
      if (step instanceof Activated activated) {
        gradient.close();
        step.result().close();
        try (masked) {
          return operations.throughFilters(masked, activated.filter().weight(), padding);
        }
      }
      return masked;
    }
  }
}
