package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import nst.engine.optimizer.LineObjective.Point;
import nst.engine.torch.Scalars;

/** Finds the distance to move along a direction. */
public sealed interface LineSearch {
  /** The required decrease relative to the slope: c1 of Nocedal and Wright. */
  double SUFFICIENT_DECREASE = 1e-4;

  /**
   * The next point, created by {@link LineObjective#at}; empty if no lower one is found.
   *
   * @param firstStep the first distance to try
   */
  Optional<Point> search(LineObjective ray, double firstStep);

  /**
   * The first distance if the curvature is unknown. It is PyTorch's, which changes the variable by
   * 1 in total. This is much too short for an image, but a fixed step must not be too long, and a
   * bracketing search increases it.
   *
   * @param direction a descent direction
   * @param firstMove the requested mean change of the variable
   * @param learningRate the requested step size
   */
  default double firstStep(NDArray direction, double firstMove, double learningRate) {
    double sum = Scalars.meanAbsolute(direction) * direction.getShape().size();
    return Math.min(1, 1 / sum) * learningRate;
  }

  static LineSearch of(nst.model.knob.OptimizerChoices.LineSearchMethod kind) {
    return switch (kind) {
      case NONE -> new Fixed();
      case ARMIJO -> new Armijo();
      case STRONG_WOLFE -> new StrongWolfe();
    };
  }

  /** Takes the first step without checking the loss. */
  record Fixed() implements LineSearch {
    @Override
    public Optional<Point> search(LineObjective ray, double firstStep) {
      return Optional.of(ray.at(firstStep));
    }
  }

  /**
   * Reduces the step until the loss has decreased enough (Nocedal and Wright 2006, algorithm 3.1).
   */
  record Armijo() implements LineSearch {
    private static final double SHRINK = 0.3;
    private static final int MAX_TRIALS = 10;

    /** Backtracking cannot increase a step, so it must begin with one that is long enough. */
    @Override
    public double firstStep(NDArray direction, double firstMove, double learningRate) {
      return firstMove / Scalars.meanAbsolute(direction);
    }

    @Override
    public Optional<Point> search(LineObjective ray, double firstStep) {
      double t = firstStep;
      for (int trial = 0; trial < MAX_TRIALS; trial++) {
        Point point = ray.at(t);
        if (decreasesEnough(ray.start(), point)) {
          return Optional.of(point);
        }
        t *= SHRINK;
      }
      return Optional.empty();
    }
  }

  private static boolean decreasesEnough(Point start, Point point) {
    return point.value()
        <= start.value() + SUFFICIENT_DECREASE * point.t() * Math.min(0, start.slope());
  }

  /**
   * Brackets a minimum, then narrows the bracket until the slope has also decreased enough (Nocedal
   * and Wright 2006, algorithms 3.5 and 3.6), with the cubic steps and safeguards of minFunc
   * (Schmidt 2005).
   */
  record StrongWolfe() implements LineSearch {
    private static final double CURVATURE = 0.9;
    private static final int MAX_TRIALS = 25;
    private static final double SMALLEST_MOVE = 1e-9;

    @Override
    public Optional<Point> search(LineObjective ray, double firstStep) {
      Point start = ray.start();
      Point previous = start;
      double t = firstStep;
      for (int trial = 0; trial < MAX_TRIALS; trial++) {
        Point point = ray.at(t);
        if (!decreasesEnough(start, point) || (trial > 0 && point.value() >= previous.value())) {
          return zoom(ray, previous, point, MAX_TRIALS - trial);
        }
        if (isFlat(start, point)) {
          return Optional.of(point);
        }
        if (point.slope() >= 0) {
          return zoom(ray, previous, point, MAX_TRIALS - trial);
        }
        double least = point.t() + 0.01 * (point.t() - previous.t());
        t = cubicMinimum(previous, point, least, 10 * point.t());
        previous = point;
      }
      return lower(start, previous);
    }

    private static Optional<Point> zoom(LineObjective ray, Point a, Point b, int trials) {
      Point start = ray.start();
      Point low = a.value() <= b.value() ? a : b;
      Point high = a.value() <= b.value() ? b : a;
      double longest = ray.longest();
      boolean stuck = false;
      for (int trial = 0; trial < trials; trial++) {
        double from = Math.min(low.t(), high.t());
        double to = Math.max(low.t(), high.t());
        if ((to - from) * longest < SMALLEST_MOVE) {
          break;
        }
        double t = cubicMinimum(low, high, from, to);
        double margin = 0.1 * (to - from);
        if (Math.min(to - t, t - from) < margin) { // too near an end of the bracket
          if (stuck || t >= to || t <= from) {
            t = Math.abs(t - to) < Math.abs(t - from) ? to - margin : from + margin;
            stuck = false;
          } else {
            stuck = true;
          }
        } else {
          stuck = false;
        }
        Point point = ray.at(t);
        if (!decreasesEnough(start, point) || point.value() >= low.value()) {
          high = point;
          if (high.value() < low.value()) {
            high = low;
            low = point;
          }
        } else {
          if (isFlat(start, point)) {
            return Optional.of(point);
          }
          if (point.slope() * (high.t() - low.t()) >= 0) {
            high = low;
          }
          low = point;
        }
      }
      return lower(start, low);
    }

    private static Optional<Point> lower(Point start, Point point) {
      return point.t() > 0 && point.value() < start.value() ? Optional.of(point) : Optional.empty();
    }

    private static boolean isFlat(Point start, Point point) {
      return Math.abs(point.slope()) <= -CURVATURE * start.slope();
    }

    /**
     * The minimum of the cubic through two points and their slopes, within bounds; the middle of
     * the bounds if it has none.
     */
    private static double cubicMinimum(Point a, Point b, double from, double to) {
      Point left = a.t() <= b.t() ? a : b;
      Point right = a.t() <= b.t() ? b : a;
      double d1 =
          left.slope()
              + right.slope()
              - 3 * (left.value() - right.value()) / (left.t() - right.t());
      double square = d1 * d1 - left.slope() * right.slope();
      if (!(square >= 0) || !Double.isFinite(square)) {
        return (from + to) / 2;
      }
      double d2 = Math.sqrt(square);
      double t =
          right.t()
              - (right.t() - left.t())
                  * ((right.slope() + d2 - d1) / (right.slope() - left.slope() + 2 * d2));
      return Double.isNaN(t) ? (from + to) / 2 : Math.min(Math.max(t, from), to);
    }
  }
}
