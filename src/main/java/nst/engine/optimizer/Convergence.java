package nst.engine.optimizer;

import java.util.ArrayDeque;
import java.util.Deque;
import nst.model.Hyperparameters;

/** Whether the clamped loss has as good as stopped falling. */
public final class Convergence {
  private final double tolerance;
  private final int window;
  private final Deque<Double> totals = new ArrayDeque<>(); // the window's, oldest first

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
