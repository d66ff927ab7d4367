package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;

/**
 * Which of the iterates' pixels are kept: the last, the best by clamped loss, or their exponential
 * average (without the bias towards the start that a plain one has).
 */
public final class IterateSelection implements AutoCloseable {
  private final Hyperparameters hyperparameters;
  private Optional<NDArray> kept = Optional.empty(); // (1, 3, height, width)
  private double lowest = Double.POSITIVE_INFINITY;
  private int averaged;

  public IterateSelection(Hyperparameters hyperparameters) {
    this.hyperparameters = hyperparameters;
  }

  /**
   * Takes notice of an iterate.
   *
   * @param pixels of an iterate, clamped; not closed
   * @param clampedTotal its loss
   */
  public void offer(NDArray pixels, double clampedTotal) {
    switch (hyperparameters.keep()) {
      case LAST -> keep(pixels.duplicate());
      case BEST -> {
        if (clampedTotal < lowest) {
          lowest = clampedTotal;
          keep(pixels.duplicate());
        }
      }
      case AVERAGE -> keep(average(pixels));
    }
  }

  /**
   * The mean of all iterates with weights that fall by average_decay from each to the one before.
   */
  private NDArray average(NDArray pixels) {
    averaged++;
    if (kept.isEmpty()) {
      return pixels.duplicate();
    }
    double decay = hyperparameters.averageDecay();
    double share = (1 - decay) / (1 - Math.pow(decay, averaged)); // of the newest
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mean = Scalars.times(1 - share, kept.get()).add(Scalars.times(share, pixels));
      NDScope.unregister(mean);
      return mean;
    }
  }

  private void keep(NDArray pixels) {
    NDScope.unregister(pixels); // outlives the scope that made it
    kept.ifPresent(NDArray::close);
    kept = Optional.of(pixels);
  }

  public NDArray kept() {
    return kept.orElseThrow();
  }

  @Override
  public void close() {
    kept.ifPresent(NDArray::close);
    kept = Optional.empty();
  }
}
