package nst.engine.sizing;

import java.util.ArrayList;
import java.util.List;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.OptimizerChoices.Init;

/**
 * Image sizes from coarse to fine, with the number of steps for each.
 *
 * @param scales the scales in order; the last one is the image's own size
 */
public record Pyramid(List<Scale> scales) {

  /**
   * One size.
   *
   * @param size the size of the image
   * @param iterations the number of steps
   */
  public record Scale(Size size, int iterations) {}

  public Pyramid {
    scales = List.copyOf(scales);
  }

  /**
   * Divides the steps between the sizes.
   *
   * @param leastSide the shortest side that the network accepts, in pixels
   */
  static Pyramid of(Size full, int leastSide, Hyperparameters hyperparameters) {
    List<Size> coarse = coarseSizes(full, leastSide, hyperparameters);
    int all = hyperparameters.numIterations();
    // Each scale, the last one included, has at least one step, if there are any.
    int forCoarse =
        (int) Math.max(0, Math.min(all - 1L, Math.round(all * hyperparameters.coarseShare())));
    int used = Math.min(coarse.size(), forCoarse);
    List<Scale> scales = new ArrayList<>();
    int left = forCoarse;
    for (int i = 0; i < used; i++) {
      int iterations = left / (used - i);
      scales.add(new Scale(coarse.get(coarse.size() - used + i), iterations));
      left -= iterations;
    }
    scales.add(new Scale(full, all - forCoarse + left));
    return new Pyramid(scales);
  }

  /**
   * The share of all steps that is done, in [0, 1]. A step counts as much as its image has pixels.
   *
   * @param steps the number of steps so far, over all scales
   */
  public double share(int steps) {
    double done = 0;
    double all = 0;
    int left = steps;
    for (Scale scale : scales) {
      int here = Math.min(left, scale.iterations());
      done += (double) here * scale.size().area();
      all += (double) scale.iterations() * scale.size().area();
      left -= here;
    }
    return all == 0 ? 1 : done / all;
  }

  private static List<Size> coarseSizes(Size full, int leastSide, Hyperparameters hyperparameters) {
    List<Size> sizes = new ArrayList<>();
    if (hyperparameters.smallestSize() == 0 || hyperparameters.init() == Init.NETWORK) {
      return sizes;
    }
    int longest = full.longest();
    for (double side = hyperparameters.smallestSize();
        Math.round(side) < longest;
        side *= hyperparameters.scaleRatio()) {
      Size size = full.times(Math.round(side) / (double) longest);
      if (size.shortest() >= leastSide) {
        sizes.add(size);
      }
    }
    return sizes;
  }
}
