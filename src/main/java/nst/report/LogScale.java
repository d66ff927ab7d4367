package nst.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic axis from {@code low} at the bottom to {@code high} at the top.
 *
 * @param low positive
 * @param high greater than {@code low}
 */
record LogScale(double low, double high) {
  private static final int MOST_TICKS = 6;

  /** The scale for all positive values, with a small margin at both ends. */
  static LogScale around(List<Double> values) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (double value : values) {
      if (value > 0 && Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (high == 0) {
      return new LogScale(0.1, 10);
    }
    double air = Math.max(0.05 * Math.log10(high / low), 0.02);
    return new LogScale(low / Math.pow(10, air), high * Math.pow(10, air));
  }

  /**
   * The position of a value: 0 at the bottom, 1 at the top. Values that are not positive are at the
   * bottom.
   */
  double position(double value) {
    if (!(value > low)) {
      return 0;
    }
    return Math.min(1, Math.log(value / low) / Math.log(high / low));
  }

  /**
   * Round values for the marks: 1, 2 and 5 of each decade, or only decades, or the ends if neither
   * fits.
   */
  List<Double> ticks() {
    for (int[] steps : new int[][] {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1, 3}, {1}}) {
      List<Double> ticks = multiples(steps, 1);
      if (ticks.size() >= 2 && ticks.size() <= MOST_TICKS) {
        return ticks;
      }
    }
    for (int stride = 2; stride < 100; stride++) {
      List<Double> ticks = multiples(new int[] {1}, stride);
      if (ticks.size() >= 2 && ticks.size() <= MOST_TICKS) {
        return ticks;
      }
    }
    double third = Math.cbrt(high / low);
    return List.of(low * Math.sqrt(third), high / Math.sqrt(third));
  }

  private List<Double> multiples(int[] steps, int stride) {
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int decade = first; decade <= last; decade++) {
      if (Math.floorMod(decade, stride) != 0) {
        continue;
      }
      for (int step : steps) {
        double tick = step * Math.pow(10, decade);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
