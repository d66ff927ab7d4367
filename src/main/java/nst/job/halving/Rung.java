package nst.job.halving;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;

/**
 * A rung of successive halving (Jamieson and Talwalkar 2016): a number of points, and the share of
 * the steps and of the size that each of them gets.
 *
 * @param number from 1
 * @param of the number of rungs
 * @param points the number of points
 */
public record Rung(int number, int of, int points) {
  /** With fewer points, a third is less than the three best. */
  static final int FEWEST_POINTS = 9;

  /** Of so many points, a third is chosen twice. */
  private static final int POINTS_OF_THREE_RUNGS = 27;

  /** Each rung keeps one point of so many. */
  private static final int KEEPS_ONE_OF = 3;

  /** How many points the last rung names as the best. */
  private static final int BEST = 3;

  /** Steps of a rung, as a share of those of the next. */
  private static final double STEPS = 0.5;

  /** Side of an image of a rung, as a share of that in the next. It has half the pixels. */
  private static final double SIDE = Math.sqrt(0.5);

  /** With fewer steps, pictures differ by how the optimiser starts. */
  private static final int FEWEST_STEPS = 5;

  /** In a smaller image, the deep layers have only a few positions. */
  private static final int SMALLEST_SIDE = 64;

  /** The rungs of a sweep with so many points. */
  public static List<Rung> of(int points) {
    int rungs = points < POINTS_OF_THREE_RUNGS ? 2 : 3;
    List<Rung> all = new ArrayList<>();
    int left = points;
    for (int number = 1; number <= rungs; number++) {
      all.add(new Rung(number, rungs, left));
      left = third(left);
    }
    return all;
  }

  private static int third(int points) {
    return (points + KEEPS_ONE_OF - 1) / KEEPS_ONE_OF;
  }

  public boolean isLast() {
    return number == of;
  }

  /** The number of points that it keeps; of the last rung, that it names as the best. */
  public int kept() {
    return isLast() ? BEST : third(points);
  }

  /**
   * The values that a point has in this rung instead of its own: half the steps and half the pixels
   * of the next rung, so a quarter of its work. In the last rung, a point has its own values.
   *
   * @param own the values of the point
   */
  public Map<Knob, Object> budget(Hyperparameters own) {
    int before = of - number;
    if (before == 0) {
      return Map.of();
    }
    Map<Knob, Object> budget = new EnumMap<>(Knob.class);
    long steps = (long) Math.ceil(own.numIterations() * Math.pow(STEPS, before));
    budget.put(
        Knob.NUM_ITERATIONS, Math.max(steps, Math.min(own.numIterations(), (long) FEWEST_STEPS)));
    double side = Math.pow(SIDE, before);
    switch (own.sizeRule()) {
      case LONGEST, SHORTEST -> budget.put(Knob.IMAGE_SIZE, smaller(own.imageSize(), side));
      case EXACT -> {
        budget.put(Knob.IMAGE_WIDTH, smaller(own.imageWidth(), side));
        budget.put(Knob.IMAGE_HEIGHT, smaller(own.imageHeight(), side));
      }
      case CONTENT -> {} // refused by HalvingCheck
    }
    return budget;
  }

  private static long smaller(int side, double share) {
    return Math.max(Math.round(side * share), Math.min(side, SMALLEST_SIDE));
  }
}
