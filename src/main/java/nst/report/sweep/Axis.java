package nst.report.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nst.model.Domain;
import nst.model.Knob;

/**
 * A column in which the rows of a run differ, with its values in order: numbers from the smallest
 * to the largest, other values as they first occur.
 */
public final class Axis {
  /** What the values of an axis are. */
  public enum Kind {
    PHOTO,
    STYLE,
    /** The share of the second painting of a blend. */
    BLEND,
    PRESET,
    KNOB
  }

  /** Two values are logarithmic from this ratio. */
  private static final double LOGARITHMIC_RATIO = 4;

  private final String name;
  private final Kind kind;
  private final List<String> values;
  private final int[] at;
  private final double[] numbers;

  private Axis(String name, Kind kind, List<String> values, int[] at, double[] numbers) {
    this.name = name;
    this.kind = kind;
    this.values = List.copyOf(values);
    this.at = at;
    this.numbers = numbers;
  }

  /**
   * Creates an axis and puts its values into order.
   *
   * @param values different texts
   * @param at the index of the value of each row; -1 for a row without one
   */
  static Axis of(String name, Kind kind, List<String> values, int[] at) {
    if (!isNumeric(name, kind)) {
      return new Axis(name, kind, values, at, new double[0]);
    }
    double[] given = values.stream().mapToDouble(Double::parseDouble).toArray();
    List<Integer> order = new ArrayList<>(IntStream.range(0, given.length).boxed().toList());
    order.sort(Comparator.comparingDouble(index -> given[index]));
    int[] rank = new int[given.length];
    IntStream.range(0, given.length).forEach(i -> rank[order.get(i)] = i);
    return new Axis(
        name,
        kind,
        order.stream().map(values::get).map(text -> Decimals.plain(text)).toList(),
        Arrays.stream(at).map(index -> index < 0 ? -1 : rank[index]).toArray(),
        order.stream().mapToDouble(index -> given[index]).toArray());
  }

  /** A seed is a number without an order that means something. */
  private static boolean isNumeric(String name, Kind kind) {
    if (kind == Kind.BLEND) {
      return true;
    }
    Optional<Knob> knob = kind == Kind.KNOB ? Knob.named(name) : Optional.empty();
    return knob.filter(k -> k != Knob.SEED)
        .map(Knob::domain)
        .filter(domain -> domain instanceof Domain.Real || domain instanceof Domain.Whole)
        .isPresent();
  }

  /** The key of the knob, or what the values are: {@code photo}. */
  public String name() {
    return name;
  }

  /** What the values are. */
  public Kind kind() {
    return kind;
  }

  /** The values as text, all different. */
  public List<String> values() {
    return values;
  }

  /** The index of the value of each row; -1 for a row without one. */
  List<Integer> codes() {
    return Arrays.stream(at).boxed().toList();
  }

  /** The index of the value of a row; -1 if it has none. */
  int at(int row) {
    return at[row];
  }

  /** Whether the values are numbers with an order. */
  public boolean isNumeric() {
    return numbers.length > 0;
  }

  /** The value with this index as a number. */
  double number(int index) {
    return numbers[index];
  }

  /** What a value of this axis may be. */
  Domain domain() {
    return kind == Kind.BLEND ? Domain.share() : Knob.named(name).orElseThrow().domain();
  }

  /**
   * Whether the values are distributed evenly by their ratios rather than by their differences. Of
   * two values only the ratio is known; if values of this axis cannot be 0, any ratio counts.
   */
  public boolean isLogarithmic() {
    if (numbers.length < 2 || numbers[0] <= 0) {
      return false;
    }
    if (numbers.length == 2) {
      boolean positive =
          domain() instanceof Domain.Real real
              && real.from() == 0
              && real.lower() == Domain.Real.Bound.EXCLUDED;
      return positive || numbers[1] / numbers[0] >= LOGARITHMIC_RATIO;
    }
    return skew(Arrays.stream(numbers).map(Math::log).toArray()) < skew(numbers);
  }

  /** How far the mean of sorted numbers is from their middle, relative to their range. */
  private static double skew(double[] sorted) {
    double range = sorted[sorted.length - 1] - sorted[0];
    double mean = Arrays.stream(sorted).average().orElse(0);
    return Math.abs((mean - sorted[0]) / range - 0.5);
  }

  /** Short texts of the values, all different: numbers with three significant digits or more. */
  public List<String> labels() {
    if (!isNumeric()) {
      return kind == Kind.PHOTO ? fileNames() : values;
    }
    for (int digits = 3; digits < 8; digits++) {
      int most = digits;
      List<String> labels =
          Arrays.stream(numbers).mapToObj(number -> Decimals.rounded(number, most)).toList();
      if (new HashSet<>(labels).size() == labels.size()) {
        return labels;
      }
    }
    return values;
  }

  private List<String> fileNames() {
    List<String> names = new ArrayList<>();
    values.forEach(uri -> names.add(uri.substring(uri.lastIndexOf('/') + 1)));
    return new HashSet<>(names).size() == names.size()
        ? Collections.unmodifiableList(names)
        : values;
  }
}
