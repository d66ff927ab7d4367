package nst.report.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import nst.model.Domain;

/**
 * The next values of one axis, from the values of the best rows.
 *
 * @param values the values that a grid has; the two ends if points are sampled
 * @param text the values as the option {@code --grid} takes them, without the name
 * @param sentence what is done, and why
 */
record NextAxis(Axis axis, List<String> values, String text, String sentence) {
  /** Significant digits of new values. */
  private static final int DIGITS = 3;

  /** The share of the range on each side of the best rows that is sampled next. */
  private static final double MARGIN = 0.25;

  /** Best rows in this outer share of a sampled range are at its end. */
  private static final double END = 0.1;

  NextAxis {
    values = List.copyOf(values);
  }

  /**
   * The next axis of a grid. If the best values are at one end of the axis, it goes one step
   * further in this direction. If they are inside, the values halfway to the neighbours are added.
   * If the best rows have both ends, the axis stays as it is.
   *
   * @param best the indices of the best rows' values
   */
  static NextAxis grid(Axis axis, List<Integer> best) {
    TreeSet<Integer> indices = new TreeSet<>(best);
    int low = indices.first();
    int high = indices.last();
    int last = axis.values().size() - 1;
    if (low == 0 && high == last) {
      return grid(
          axis, axis.values(), "the best rows have both ends of the axis, which stays as it is");
    }
    if (low > 0 && high < last) {
      return halved(axis, low - 1, high + 1, "the best rows are inside, at " + at(axis, low, high));
    }
    boolean up = high == last;
    String end = (up ? "upper" : "lower") + " end, " + at(axis, low, high);
    Optional<String> beyond = beyond(axis, up);
    if (beyond.isEmpty()) {
      return halved(
          axis,
          Math.max(0, low - 1),
          Math.min(last, high + 1),
          "the best rows are at the " + end + ", and no other value is possible beyond it");
    }
    List<String> values =
        new ArrayList<>(axis.values().subList(up ? low - 1 : 0, up ? last + 1 : high + 2));
    values.add(up ? values.size() : 0, beyond.get());
    return grid(
        axis,
        values,
        "the best rows are at the " + end + "; the axis goes one step further, to " + beyond.get());
  }

  private static NextAxis grid(Axis axis, List<String> values, String why) {
    return new NextAxis(axis, values, String.join(",", values), axis.name() + ": " + why + ".");
  }

  private static String at(Axis axis, int low, int high) {
    return axis.values().get(low) + (low == high ? "" : " to " + axis.values().get(high));
  }

  /** The values between two indices with those halfway between neighbours. */
  private static NextAxis halved(Axis axis, int from, int to, String why) {
    List<String> values = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (int i = from; i < to; i++) {
      double low = axis.number(i);
      double high = axis.number(i + 1);
      values.add(axis.values().get(i));
      valid(axis, between(axis, low, high, 0.5))
          .filter(text -> Double.parseDouble(text) > low && Double.parseDouble(text) < high)
          .ifPresent(
              text -> {
                values.add(text);
                added.add(text);
              });
    }
    values.add(axis.values().get(to));
    return grid(
        axis,
        values,
        why
            + (added.isEmpty()
                ? "; there is no value between it and its neighbours"
                : "; the values halfway to the neighbours are added: " + String.join(", ", added)));
  }

  /** One step beyond an end of the axis; empty if no such value is possible. */
  private static Optional<String> beyond(Axis axis, boolean up) {
    int end = up ? axis.values().size() - 1 : 0;
    double value = axis.number(end);
    double step = between(axis, axis.number(up ? end - 1 : 1), value, 2);
    return valid(axis, step)
        .or(() -> limit(axis.domain(), up))
        .filter(text -> (up ? 1 : -1) * (Double.parseDouble(text) - value) > 0);
  }

  /** The largest or smallest possible value, if there is one. */
  private static Optional<String> limit(Domain domain, boolean up) {
    if (domain instanceof Domain.Real real) {
      boolean has = up ? real.to() < Double.MAX_VALUE : real.lower() == Domain.Real.Bound.INCLUDED;
      return has
          ? Optional.of(Decimals.rounded(up ? real.to() : real.from(), 15))
          : Optional.empty();
    }
    if (domain instanceof Domain.Whole whole) {
      return Optional.of(Long.toString(up ? whole.to() : whole.from()));
    }
    return Optional.empty();
  }

  /** The value at a share of the way on the scale of the axis. */
  private static double between(Axis axis, double from, double to, double share) {
    return axis.isLogarithmic() ? from * Math.pow(to / from, share) : from + share * (to - from);
  }

  /** The text of a value with few digits; empty if the axis cannot have it. */
  private static Optional<String> valid(Axis axis, double value) {
    String text =
        axis.domain().kind() == Domain.Kind.WHOLE
            ? Long.toString(Math.round(value))
            : Decimals.rounded(value, DIGITS);
    try {
      axis.domain().parse(text);
      return Optional.of(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The next range of a sampled axis: a quarter of the range on each side of the best rows. It goes
   * beyond an end of the range only if the best rows are at this end.
   *
   * @param best the indices of the best rows' values
   */
  static NextAxis range(Axis axis, List<Integer> best) {
    int last = axis.values().size() - 1;
    double low = axis.number(0);
    double high = axis.number(last);
    double[] shares =
        best.stream().mapToDouble(i -> share(axis, low, high, axis.number(i))).sorted().toArray();
    double from = shares[0] - MARGIN;
    double to = shares[shares.length - 1] + MARGIN;
    boolean below = shares[0] < END;
    boolean above = shares[shares.length - 1] > 1 - END;
    String start =
        valid(axis, between(axis, low, high, below ? from : Math.max(0, from))).orElse("");
    String end = valid(axis, between(axis, low, high, above ? to : Math.min(1, to))).orElse("");
    List<String> ends =
        List.of(
            start.isEmpty() ? axis.values().get(0) : start,
            end.isEmpty() ? axis.values().get(last) : end);
    String why =
        below || above
            ? "the best rows are at an end of the range, so samples go beyond it: "
            : "samples are taken around the best rows: ";
    String range = ends.get(0) + ".." + ends.get(1);
    return new NextAxis(
        axis,
        ends,
        (axis.isLogarithmic() ? "log:" : "lin:") + range,
        axis.name() + ": " + why + ends.get(0) + " to " + ends.get(1) + ".");
  }

  private static double share(Axis axis, double low, double high, double value) {
    return axis.isLogarithmic()
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Only the values that the best rows have, for an axis without numbers. */
  static NextAxis only(Axis axis, List<Integer> best, String separator) {
    TreeSet<Integer> indices = new TreeSet<>(best);
    List<String> values = indices.stream().map(axis.values()::get).toList();
    String why =
        values.size() == axis.values().size()
            ? "the best rows have all values"
            : "only what the best rows have, " + String.join(" and ", values);
    return new NextAxis(
        axis, values, String.join(separator, values), axis.name() + ": " + why + ".");
  }

  /** Whether the values include one that the axis does not have. */
  boolean hasNewValue() {
    return values.stream().anyMatch(value -> !axis.values().contains(value));
  }
}
