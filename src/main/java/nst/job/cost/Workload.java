package nst.job.cost;

import java.io.Serializable;
import nst.engine.sizing.Sizing;
import nst.model.Hyperparameters;
import nst.model.Knob;

/**
 * The work of a row, estimated from the manifest alone. Photos are assumed to have an aspect ratio
 * of 4:3.
 *
 * @param arithmetic text that is equal for rows with the same kind of operations
 * @param search text that is equal for rows with the same number of evaluations per step
 * @param size longest side of the image, in pixels
 * @param teraflops floating-point operations / 10^12, assuming one evaluation per step
 */
public record Workload(String arithmetic, String search, int size, double teraflops)
    implements Serializable {

  static Workload of(Hyperparameters h) {
    return new Workload(
        h.text(Knob.BACKBONE) + " " + h.text(Knob.PRECISION) + " " + h.text(Knob.POOLING),
        search(h),
        Sizing.working(Sizing.UNKNOWN_CONTENT, h).longest(),
        Sizing.flops(Sizing.UNKNOWN_CONTENT, h) / 1e12);
  }

  private static String search(Hyperparameters h) {
    if (h.numIterations() == 0) {
      return "network alone";
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
