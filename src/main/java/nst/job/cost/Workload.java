package nst.job.cost;

import java.io.Serializable;
import nst.engine.sizing.Sizing;
import nst.engine.stylenetwork.TrainingSchedule;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;

/**
 * The work of a row, estimated from the manifest alone. Photos are assumed to have an aspect ratio
 * of 4:3.
 *
 * @param arithmetic text that is equal for rows with the same kind of operations
 * @param search text that is equal for rows with the same number of evaluations per step
 * @param size longest side of the image, in pixels
 * @param evaluations losses and gradients computed, assuming one per step
 * @param teraflops their floating-point operations / 10^12
 */
public record Workload(
    String arithmetic, String search, int size, double evaluations, double teraflops)
    implements Serializable {

  /** Whether the losses of a network's picture are measured. */
  public enum Losses {
    MEASURED,
    NOT_MEASURED
  }

  /** The work of a row whose losses are measured. */
  static Workload of(Hyperparameters h) {
    return of(h, Losses.MEASURED);
  }

  /**
   * The work of a row.
   *
   * @param losses whether its losses are measured
   */
  static Workload of(Hyperparameters h, Losses losses) {
    Size content = Sizing.UNKNOWN_CONTENT;
    double evaluations =
        switch (losses) {
          case MEASURED -> Sizing.evaluations(content, h);
          case NOT_MEASURED -> 1; // one pass through the style network
        };
    double flops =
        switch (losses) {
          case MEASURED -> Sizing.flops(content, h);
          case NOT_MEASURED -> Sizing.styleNetworkFlops(content, h);
        };
    return new Workload(
        arithmetic(h),
        search(h, losses),
        Sizing.working(content, h).longest(),
        evaluations,
        flops / 1e12);
  }

  /** The work of training a style network on the objective of a row. */
  static Workload ofTraining(Hyperparameters h, TrainingSchedule schedule) {
    return new Workload(
        arithmetic(h),
        "training",
        schedule.side(),
        schedule.crops(),
        Sizing.trainingFlops(schedule.side(), schedule.crops(), h) / 1e12);
  }

  private static String arithmetic(Hyperparameters h) {
    return h.text(Knob.BACKBONE) + " " + h.text(Knob.PRECISION) + " " + h.text(Knob.POOLING);
  }

  private static String search(Hyperparameters h, Losses losses) {
    if (h.numIterations() == 0) {
      return losses == Losses.MEASURED ? "network alone" : "network alone, losses not measured";
    }
    String minimizer =
        switch (h.optimizer()) {
          case ADAM -> "adam";
          case LBFGS -> "lbfgs " + h.text(Knob.LINE_SEARCH);
        };
    String early = h.tolerance() > 0 ? " to " + h.text(Knob.TOLERANCE) : "";
    String timed = h.maxSeconds() > 0 ? " in " + h.text(Knob.MAX_SECONDS) + " s" : "";
    return minimizer + early + timed;
  }
}
