package nst.job;

import java.io.Serializable;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.SizeRule;

/**
 * Predicts what a row costs, before anything of it is read: its device seconds on one device.
 *
 * @param secondsPerMegapixel of one evaluation, on one device
 * @param secondsPerRow what a row costs besides its evaluations
 */
record CostModel(double secondsPerMegapixel, double secondsPerRow) implements Serializable {

  /** Of photos, where the manifest does not say: 4:3. */
  private static final double ASPECT = 4.0 / 3.0;

  /** The longest side taken for a photo of its own size, which nobody has looked at yet. */
  private static final int UNKNOWN_LONGEST_SIDE = 2048;

  /**
   * Measured on one core with AVX-512 in float32: 0.64 s for one evaluation at 256 px square. It
   * orders batches well on any device; as a forecast of hours it fits that core only.
   */
  static final CostModel UNCALIBRATED = new CostModel(0.64 / (256 * 256 / 1e6), 0.3);

  double seconds(Hyperparameters h) {
    double finest = megapixels(h);
    double coarse = coarseShareOfWork(h);
    return secondsPerRow + secondsPerMegapixel * finest * coarse * h.numIterations();
  }

  private static double megapixels(Hyperparameters h) {
    double longest =
        switch (h.sizeRule()) {
          case LONGEST -> h.imageSize();
          case SHORTEST -> h.imageSize() * ASPECT;
          case CONTENT -> UNKNOWN_LONGEST_SIDE;
          case EXACT -> 0;
        };
    double pixels =
        h.sizeRule() == SizeRule.EXACT
            ? (double) h.imageWidth() * h.imageHeight()
            : longest * longest / ASPECT;
    return pixels / 1e6;
  }

  /** The mean work of an iteration over all scales, as a share of one at the finest. */
  private static double coarseShareOfWork(Hyperparameters h) {
    if (h.smallestSize() == 0 || h.smallestSize() >= h.imageSize()) {
      return 1;
    }
    double shrink = (double) h.smallestSize() / h.imageSize();
    // Coarse scales lie between the smallest and the finest: their mean area is near the geometric
    // mean.
    return h.coarseShare() * shrink + (1 - h.coarseShare());
  }
}
