package nst.report.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;

/**
 * The Pareto front of two numbers, of which less is better: the members for which no other member
 * is better in one number and at least as good in the other.
 */
final class ParetoFront {
  private final IntToDoubleFunction x;
  private final IntToDoubleFunction y;

  /**
   * @param x the first number of a member; NaN if it has none
   * @param y the second number of a member; NaN if it has none
   */
  ParetoFront(IntToDoubleFunction x, IntToDoubleFunction y) {
    this.x = x;
    this.y = y;
  }

  /** The front by the first number. Members with equal numbers are all on it. */
  List<Integer> of(List<Integer> members) {
    List<Integer> sorted = new ArrayList<>(members);
    sorted.removeIf(
        member -> Double.isNaN(x.applyAsDouble(member)) || Double.isNaN(y.applyAsDouble(member)));
    sorted.sort(
        Comparator.comparingDouble((Integer member) -> x.applyAsDouble(member))
            .thenComparingDouble(member -> y.applyAsDouble(member))
            .thenComparing(Comparator.naturalOrder()));
    List<Integer> front = new ArrayList<>();
    for (int member : sorted) {
      if (front.isEmpty() || improves(member, front.get(front.size() - 1))) {
        front.add(member);
      }
    }
    return front;
  }

  /** Whether a member that is not better in x is on the front after the last member of it. */
  private boolean improves(int member, int last) {
    double better = y.applyAsDouble(last) - y.applyAsDouble(member);
    return better > 0 || (better == 0 && x.applyAsDouble(member) == x.applyAsDouble(last));
  }

  /**
   * The member of a front that is nearest to its ideal point, which has the least of both numbers:
   * the compromise solution (Zeleny 1973). Both numbers are scaled so that the front extends from 0
   * to 1, on a logarithmic scale if they are positive.
   */
  OptionalInt compromise(List<Integer> front) {
    IntToDoubleFunction across = scaled(front, x);
    IntToDoubleFunction up = scaled(front, y);
    int best = -1;
    double least = Double.MAX_VALUE;
    for (int member : front) {
      double distance = Math.hypot(across.applyAsDouble(member), up.applyAsDouble(member));
      if (distance < least) {
        least = distance;
        best = member;
      }
    }
    return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  private static IntToDoubleFunction scaled(List<Integer> front, IntToDoubleFunction value) {
    boolean positive = front.stream().allMatch(member -> value.applyAsDouble(member) > 0);
    IntToDoubleFunction scale = positive ? member -> Math.log(value.applyAsDouble(member)) : value;
    double low = front.stream().mapToDouble(scale::applyAsDouble).min().orElse(0);
    double high = front.stream().mapToDouble(scale::applyAsDouble).max().orElse(0);
    return high > low ? member -> (scale.applyAsDouble(member) - low) / (high - low) : m -> 0;
  }
}
