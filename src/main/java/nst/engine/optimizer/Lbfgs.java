package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;
import nst.engine.optimizer.LbfgsHistory.Pair;
import nst.engine.torch.Scalars;

/**
 * L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5). If the variable is bounded, positions
 * that the gradient pushes against a bound are left out of the direction (Bertsekas 1982).
 */
public final class Lbfgs implements Minimizer {
  /** The size of the test step that distinguishes free positions from those at a bound. */
  private static final double NUDGE = 1e-3;

  private final LbfgsHistory memory;
  private final LineSearch lineSearch;
  private final double firstMove;
  private final UnaryOperator<NDArray> projection;

  /**
   * Creates an optimiser without history.
   *
   * @param history the number of pairs to remember
   * @param firstMove the mean change of the variable in the first trial step, if the line search
   *     uses it
   * @param projection returns the nearest allowed variable as a new tensor
   */
  public Lbfgs(
      int history, LineSearch lineSearch, double firstMove, UnaryOperator<NDArray> projection) {
    this.memory = new LbfgsHistory(history);
    this.lineSearch = lineSearch;
    this.firstMove = firstMove;
    this.projection = projection;
  }

  @Override
  public Optional<Iterate> step(
      Function<NDArray, Evaluation> objective, Iterate from, double learningRate) {
    boolean remembers = !memory.isEmpty();
    Optional<Iterate> next = stepOnce(objective, from, learningRate);
    if (next.isEmpty() && remembers) { // the history gives no descent: restart with the gradient
      memory.forget();
      next = stepOnce(objective, from, learningRate);
    }
    return next;
  }

  private Optional<Iterate> stepOnce(
      Function<NDArray, Evaluation> objective, Iterate from, double learningRate) {
    try (NDArray direction = direction(from);
        LineObjective ray = new LineObjective(objective, projection, from, direction)) {
      double firstStep =
          memory.isEmpty()
              ? lineSearch.firstStep(direction, firstMove, learningRate)
              : learningRate;
      if (!(ray.start().slope() < 0) || !Double.isFinite(firstStep)) {
        return Optional.empty();
      }
      Optional<Iterate> next = lineSearch.search(ray, firstStep).map(ray::take);
      next.ifPresent(to -> remember(from, to));
      return next;
    }
  }

  /**
   * -H g by the two-loop recursion, over the free positions. No number is read before the end, so
   * that the device does not wait for Java between operations.
   */
  private NDArray direction(Iterate from) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray free = free(from); // of the variable's shape: 1 or 0
      NDArray q = Scalars.times(-1, from.evaluation().gradient()).mul(free);
      Deque<NDArray> alphas = new ArrayDeque<>(); // oldest first, each of shape ()
      for (Pair pair : memory.newestFirst()) {
        NDArray alpha = Scalars.product(pair.s(), q).div(pair.curvature());
        alphas.addFirst(alpha);
        add(q, pair.y(), alpha.neg());
      }
      if (!memory.isEmpty()) {
        Pair newest = memory.newest();
        q.muli(newest.curvature().div(Scalars.product(newest.y(), newest.y())));
      }
      for (Pair pair : memory.oldestFirst()) {
        NDArray beta = Scalars.product(pair.y(), q).div(pair.curvature());
        add(q, pair.s(), alphas.removeFirst().sub(beta));
      }
      NDArray direction = q.mul(free);
      NDScope.unregister(direction);
      return direction;
    }
  }

  /**
   * target += factor * x, in place. Closes its temporaries, which together would be as large as the
   * history.
   */
  private static void add(NDArray target, NDArray x, NDArray factor) {
    try (NDArray scaled = x.mul(factor)) {
      target.addi(scaled);
    }
  }

  /** 1 if a step downhill is possible at a position, 0 if a bound prevents it. */
  private NDArray free(Iterate from) {
    NDArray x = from.variable();
    NDArray nudged = x.sub(Scalars.times(NUDGE, from.evaluation().gradient().sign()));
    return projection.apply(nudged).sub(x).abs().gt(NUDGE / 2).toType(x.getDataType(), false);
  }

  private void remember(Iterate from, Iterate to) {
    try (NDArray s = to.variable().sub(from.variable());
        NDArray y = to.evaluation().gradient().sub(from.evaluation().gradient())) {
      memory.remember(s, y);
    }
  }

  @Override
  public void rescale(UnaryOperator<NDArray> variables, UnaryOperator<NDArray> gradients) {
    memory.rescale(variables, gradients);
  }

  @Override
  public void close() {
    memory.close();
  }
}
