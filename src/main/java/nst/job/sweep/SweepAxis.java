package nst.job.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.text.NearestName;

/**
 * One axis of a sweep: a knob or the preset, and the values that it takes.
 *
 * @param column the key of the knob, or {@code preset}
 * @param values the values, parsed, in the given order; for a range without a count its two ends
 * @param scale how the values between the ends are distributed
 * @param counted whether the values are those of a grid. A range without a count has no such values
 */
public record SweepAxis(String column, List<Object> values, Scale scale, boolean counted) {
  /** Larger counts are typing errors. */
  private static final int MOST_VALUES = 10_000;

  /** Six significant digits avoid values such as 100.00000000000003. */
  private static final MathContext DIGITS = new MathContext(6);

  /** How values are distributed between the two ends. */
  public enum Scale {
    LISTED,
    LINEAR,
    LOGARITHMIC
  }

  public SweepAxis {
    values = List.copyOf(values);
  }

  /**
   * Parses {@code content_weight=1,5,10}, {@code style_weight=log:1e2..1e5:7}, {@code
   * tv_weight=lin:0..1:5} or {@code preset=balanced,gatys}. Values of layers are separated by
   * semicolons. The count of a range may be left out if points are sampled.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static SweepAxis parse(SweepText typed) {
    String[] pair = typed.text().split("=", 2);
    if (pair.length != 2 || pair[1].isBlank()) {
      throw new IllegalArgumentException(
          "expected KNOB=VALUE,VALUE,... or KNOB=log:FROM..TO:COUNT, was " + typed.text());
    }
    String column = pair[0].strip();
    String values = pair[1].strip();
    if (column.equals(RunConfig.PRESET)) {
      return listed(column, values, SweepAxis::preset);
    }
    Knob knob = Knob.named(column).orElseThrow(() -> new IllegalArgumentException(unknown(column)));
    if (values.startsWith("log:")) {
      return range(knob, values.substring(4), Scale.LOGARITHMIC);
    }
    if (values.startsWith("lin:")) {
      return range(knob, values.substring(4), Scale.LINEAR);
    }
    return listed(column, values, value -> parsed(knob, value, typed));
  }

  private static SweepAxis listed(String column, String values, Function<String, Object> parse) {
    List<Object> parsed =
        Arrays.stream(values.split(separator(column), -1))
            .map(value -> parse.apply(value.strip()))
            .distinct()
            .toList();
    return new SweepAxis(column, parsed, Scale.LISTED, true);
  }

  /** What separates the values of a column. The values of layers contain commas. */
  public static String separator(String column) {
    return Knob.named(column).filter(Knob.ofLayers()::contains).isPresent() ? ";" : ",";
  }

  private static String unknown(String name) {
    List<String> known = Stream.concat(Stream.of(RunConfig.PRESET), Knob.keys().stream()).toList();
    return "Unknown knob `"
        + name
        + "`."
        + NearestName.of(name, known).map(near -> " Did you mean `" + near + "`?").orElse("");
  }

  private static Object preset(String label) {
    return Preset.named(label)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "preset: expected one of "
                        + String.join(", ", Preset.labels())
                        + ", was "
                        + label));
  }

  private static Object parsed(Knob knob, String value, SweepText typed) {
    if (knob.domain() instanceof Domain.Uri && !value.isEmpty() && !knob.isEmbedded(value)) {
      return typed.uri(value);
    }
    return parsed(knob, value);
  }

  private static Object parsed(Knob knob, Object value) {
    try {
      return knob.domain().parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(knob.key() + ": " + e.getMessage(), e);
    }
  }

  private static SweepAxis range(Knob knob, String range, Scale scale) {
    String[] parts = range.split(":", -1);
    String[] ends = parts[0].split("\\.\\.", -1);
    if (parts.length > 2 || ends.length != 2) {
      throw new IllegalArgumentException(
          knob.key() + ": expected FROM..TO:COUNT, such as 1e2..1e5:7, was " + range);
    }
    try {
      double from = Double.parseDouble(ends[0].strip());
      double to = Double.parseDouble(ends[1].strip());
      int count = parts.length == 2 ? Integer.parseInt(parts[1].strip()) : 2;
      if (!(from < to)
          || count < 2
          || count > MOST_VALUES
          || (scale == Scale.LOGARITHMIC && from <= 0)) {
        throw new IllegalArgumentException(
            knob.key()
                + ": expected FROM below TO (above 0 for log) and from 2 to "
                + MOST_VALUES
                + " values, was "
                + range);
      }
      List<Object> values =
          IntStream.range(0, count)
              .mapToObj(i -> between(knob, from, to, (double) i / (count - 1), scale))
              .distinct()
              .toList();
      return new SweepAxis(knob.key(), values, scale, parts.length == 2);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(knob.key() + ": expected numbers, was " + range, e);
    }
  }

  private static Object between(Knob knob, double from, double to, double share, Scale scale) {
    double value =
        scale == Scale.LOGARITHMIC ? from * Math.pow(to / from, share) : from + (to - from) * share;
    if (knob.domain().kind() == Domain.Kind.WHOLE) {
      return parsed(knob, Math.round(value));
    }
    return parsed(knob, new BigDecimal(value).round(DIGITS).doubleValue());
  }

  /** The knob of this axis; empty for the preset. */
  Optional<Knob> knob() {
    return Knob.named(column);
  }

  /**
   * The value at a share of the way from the first value to the last.
   *
   * @param share in [0, 1)
   */
  Object at(double share) {
    if (scale == Scale.LISTED) {
      return values.get((int) (share * values.size()));
    }
    double from = ((Number) values.get(0)).doubleValue();
    double to = ((Number) values.get(values.size() - 1)).doubleValue();
    return between(knob().orElseThrow(), from, to, share, scale);
  }
}
