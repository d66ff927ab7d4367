package nst.job.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * The points of a sweep: all combinations of the axes' values, or samples between their ends. Equal
 * points are given once.
 *
 * @param axes the knobs that vary, in the given order
 * @param fixed the values that all points have in common
 */
public record SweepPoints(List<SweepAxis> axes, SweepPoint fixed) {

  /** How samples are distributed. */
  public enum Sampling {
    /**
     * A Sobol sequence, shifted by a random vector (Cranley and Patterson 1976). It covers the
     * space more evenly than random points.
     */
    SOBOL,
    /** Independent and uniform. */
    RANDOM
  }

  public SweepPoints {
    axes = List.copyOf(axes);
  }

  /** The number of combinations; {@link Long#MAX_VALUE} if it is larger. */
  public long combinations() {
    long product = 1;
    for (SweepAxis axis : axes) {
      if (product > Long.MAX_VALUE / axis.values().size()) {
        return Long.MAX_VALUE;
      }
      product *= axis.values().size();
    }
    return product;
  }

  /** All combinations. The last axis varies fastest. Without axes there is one point. */
  public List<SweepPoint> grid() {
    List<SweepPoint> points = List.of(fixed);
    for (SweepAxis axis : axes) {
      List<SweepPoint> longer = new ArrayList<>();
      for (SweepPoint point : points) {
        axis.values().forEach(value -> longer.add(point.with(axis, value)));
      }
      points = longer;
    }
    return points;
  }

  /**
   * Samples, each uniform on the scale of every axis. The samples of a larger count begin with
   * those of a smaller one.
   */
  public List<SweepPoint> samples(Sampling sampling, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] shift = random.doubles(axes.size()).toArray();
    SobolSequenceGenerator sobol = new SobolSequenceGenerator(Math.max(1, axes.size()));
    Set<SweepPoint> points = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      double[] shares = sobol.nextVector();
      SweepPoint point = fixed;
      for (int axis = 0; axis < axes.size(); axis++) {
        double share =
            switch (sampling) {
              case SOBOL -> (shares[axis] + shift[axis]) % 1;
              case RANDOM -> random.nextDouble();
            };
        point = point.with(axes.get(axis), axes.get(axis).at(share));
      }
      points.add(point);
    }
    return List.copyOf(points);
  }
}
