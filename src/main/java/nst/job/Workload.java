package nst.job;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import nst.engine.Pyramid;
import nst.engine.Sizing;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Optimizer;
import nst.model.Knob;
import nst.model.Layer;

/**
 * What a row asks of a device, as far as the manifest tells: photos count as 4:3.
 *
 * @param arithmetic rows with the same text do the same operations in the same precision
 * @param search rows with the same text need as many evaluations for a step
 * @param size longest side of the picture, in pixels
 * @param teraflops floating-point operations / 10^12, with one evaluation for a step
 */
record Workload(String arithmetic, String search, int size, double teraflops)
    implements Serializable {

  static Workload of(Hyperparameters h) {
    return new Workload(
        h.text(Knob.BACKBONE) + " " + h.text(Knob.PRECISION) + " " + h.text(Knob.POOLING),
        search(h),
        Sizing.working(Sizing.UNKNOWN_CONTENT, h).longest(),
        Sizing.flops(Sizing.UNKNOWN_CONTENT, h) / 1e12);
  }

  private static String search(Hyperparameters h) {
    String minimizer =
        h.optimizer() == Optimizer.LBFGS ? "lbfgs " + h.text(Knob.LINE_SEARCH) : "adam";
    String early = h.tolerance() > 0 ? " to " + h.text(Knob.TOLERANCE) : "";
    String timed = h.maxSeconds() > 0 ? " in " + h.text(Knob.MAX_SECONDS) + " s" : "";
    return (minimizer + early + timed).toLowerCase(Locale.ROOT);
  }

  /** Everything that a workload is made from: equal for most rows of a catalogue. */
  record Shape(
      String arithmetic,
      String search,
      Hyperparameters.SizeRule sizeRule,
      int size,
      int width,
      int height,
      int iterations,
      int smallestSize,
      double scaleRatio,
      double coarseShare,
      Map<Layer, Double> contentLayers,
      Map<Layer, Double> styleLayers,
      Map<Layer, Double> styleLayersEnd) {}
}
