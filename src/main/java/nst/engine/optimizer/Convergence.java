package nst.engine.optimizer;

import java.util.ArrayDeque;
import java.util.Deque;
import nst.model.Hyperparameters;

/** Detects that the clamped loss has almost stopped decreasing. */
public final class Convergence {
  private final double tolerance;
  private final int window;
  private final Deque<Double> totals = new ArrayDeque<>(); // the losses of the window, oldest first

  public Convergence(Hyperparameters hyperparameters) {
    this.tolerance = hyperparameters.tolerance();
    this.window = hyperparameters.toleranceWindow();
  }

  public void offer(double clampedTotal) {
    totals.addLast(clampedTotal);
    if (totals.size() > window + 1) {
      totals.removeFirst();
    }
  }

  public boolean reached() {
    return tolerance > 0
        && totals.size() == window + 1
        && totals.getFirst() - totals.getLast() < tolerance * totals.getFirst();
  }
}
