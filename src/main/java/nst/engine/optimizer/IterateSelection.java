package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;

/**
 * Selects the pixels to save: the last iterate, the iterate with the lowest clamped loss, or the
 * exponential average of all iterates (corrected for the bias towards the start).
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
   * Adds an iterate.
   *
   * @param pixels the clamped pixels of the iterate; not closed
   * @param clampedTotal the loss of these pixels
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

  /** The mean of all iterates. The weight of each is average_decay times that of the next. */
  private NDArray average(NDArray pixels) {
    averaged++;
    if (kept.isEmpty()) {
      return pixels.duplicate();
    }
    double decay = hyperparameters.averageDecay();
    double share = (1 - decay) / (1 - Math.pow(decay, averaged)); // the weight of the newest
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray mean = Scalars.times(1 - share, kept.get()).add(Scalars.times(share, pixels));
      NDScope.unregister(mean);
      return mean;
    }
  }

  private void keep(NDArray pixels) {
    NDScope.unregister(pixels); // remains after the scope is closed
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
