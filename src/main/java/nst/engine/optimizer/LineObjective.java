package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;
import nst.engine.torch.Scalars;

/**
 * The objective along a direction, for a line search: x(t) = projection(x + t d). Closes all points
 * that it created except the selected one.
 */
final class LineObjective implements AutoCloseable {

  /**
   * A point on the line.
   *
   * @param t the distance
   * @param value L(x(t)); infinite if it is not finite
   * @param slope the slope of L along the direction
   */
  record Point(double t, Iterate iterate, double value, double slope) {}

  private final Function<NDArray, Evaluation> objective;
  private final UnaryOperator<NDArray> projection;
  private final NDArray direction; // d, of the variable's shape
  private final Point start;
  private final List<Point> made = new ArrayList<>();

  LineObjective(
      Function<NDArray, Evaluation> objective,
      UnaryOperator<NDArray> projection,
      Iterate from,
      NDArray direction) {
    this.objective = objective;
    this.projection = projection;
    this.direction = direction;
    this.start = point(0, from);
  }

  Point start() {
    return start;
  }

  /** Evaluates the objective at distance t. */
  Point at(double t) {
    NDArray variable = moved(t);
    Point point = point(t, new Iterate(variable, objective.apply(variable), t));
    made.add(point);
    return point;
  }

  private NDArray moved(double t) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray x = start.iterate().variable();
      NDArray moved = projection.apply(x.add(Scalars.times(t, direction)));
      NDScope.unregister(moved);
      return moved;
    }
  }

  private Point point(double t, Iterate iterate) {
    Evaluation evaluation = iterate.evaluation();
    double slope = Scalars.dot(evaluation.gradient(), direction);
    double value = evaluation.isFinite() ? evaluation.terms().total() : Double.POSITIVE_INFINITY;
    return new Point(t, iterate, value, slope);
  }

  /** The largest change of a position in a step of size 1. */
  double longest() {
    try (NDArray absolute = direction.abs();
        NDArray max = absolute.max()) {
      return Scalars.value(max);
    }
  }

  /** The iterate of a point. From now on it belongs to the caller. */
  Iterate take(Point point) {
    made.remove(point);
    return point.iterate();
  }

  @Override
  public void close() {
    made.forEach(point -> point.iterate().close());
  }
}
