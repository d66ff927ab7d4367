package nst.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nst.model.text.NearestName;

/**
 * The points of a parameter sweep: all combinations of the axes' values, or random points within
 * their ranges.
 *
 * @param axes the knobs that vary, in the given order
 */
public record Sweep(List<Axis> axes) implements Serializable {

  /**
   * One knob and the values it takes.
   *
   * @param knob the knob that varies
   * @param values its values, parsed by the knob's domain, in the given order
   * @param scale how random points are distributed between the ends
   */
  public record Axis(Knob knob, List<Object> values, Scale scale) {

    /** How values are spaced between the two ends. */
    public enum Scale {
      LISTED,
      LINEAR,
      LOGARITHMIC
    }

    public Axis {
      values = List.copyOf(values);
    }

    /**
     * Parses {@code content_weight=1,5,10}, {@code style_weight=log:1e2..1e5:7} or {@code
     * tv_weight=lin:0..1:5}.
     *
     * @throws IllegalArgumentException with the message {@code expected ..., was ...}
     */
    public static Axis parse(String text) {
      String[] pair = text.split("=", 2);
      if (pair.length != 2 || pair[1].isBlank()) {
        throw new IllegalArgumentException(
            "expected KNOB=VALUE,VALUE,... or KNOB=log:FROM..TO:COUNT, was " + text);
      }
      String name = pair[0].strip();
      Knob knob = Knob.named(name).orElseThrow(() -> new IllegalArgumentException(unknown(name)));
      String values = pair[1].strip();
      if (values.startsWith("log:")) {
        return new Axis(
            knob, spread(knob, values.substring(4), Scale.LOGARITHMIC), Scale.LOGARITHMIC);
      }
      if (values.startsWith("lin:")) {
        return new Axis(knob, spread(knob, values.substring(4), Scale.LINEAR), Scale.LINEAR);
      }
      List<Object> listed = new ArrayList<>();
      for (String value : values.split(",", -1)) {
        listed.add(parse(knob, value.strip()));
      }
      return new Axis(knob, listed, Scale.LISTED);
    }

    private static String unknown(String name) {
      return "Unknown knob `"
          + name
          + "`."
          + NearestName.of(name, Knob.keys())
              .map(near -> " Did you mean `" + near + "`?")
              .orElse("");
    }

    private static Object parse(Knob knob, Object value) {
      try {
        return knob.domain().parse(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(knob.key() + ": " + e.getMessage(), e);
      }
    }

    private static List<Object> spread(Knob knob, String range, Scale scale) {
      String[] parts = range.split(":", -1);
      String[] ends = parts[0].split("\\.\\.", -1);
      if (parts.length != 2 || ends.length != 2) {
        throw new IllegalArgumentException(
            knob.key() + ": expected FROM..TO:COUNT, such as 1e2..1e5:7, was " + range);
      }
      try {
        double from = Double.parseDouble(ends[0]);
        double to = Double.parseDouble(ends[1]);
        int count = Integer.parseInt(parts[1].strip());
        if (count < 2 || !(from < to) || (scale == Scale.LOGARITHMIC && from <= 0)) {
          throw new IllegalArgumentException(
              knob.key()
                  + ": expected FROM below TO (above 0 for log) and at least 2 values, was "
                  + range);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          values.add(parse(knob, at(knob, from, to, (double) i / (count - 1), scale)));
        }
        return values;
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(knob.key() + ": expected numbers, was " + range, e);
      }
    }

    private static Object at(Knob knob, double from, double to, double share, Scale scale) {
      double value =
          switch (scale) {
            case LOGARITHMIC -> from * Math.pow(to / from, share);
            case LINEAR, LISTED -> from + (to - from) * share;
          };
      if (knob.domain().kind() == Domain.Kind.WHOLE) {
        return Math.round(value);
      }
      // Round to six significant digits, to avoid values such as 100.00000000000003.
      return new java.math.BigDecimal(value).round(new java.math.MathContext(6)).doubleValue();
    }

    private Object random(SplittableRandom random) {
      if (scale == Scale.LISTED) {
        return values.get(random.nextInt(values.size()));
      }
      double from = ((Number) values.get(0)).doubleValue();
      double to = ((Number) values.get(values.size() - 1)).doubleValue();
      return parse(knob, at(knob, from, to, random.nextDouble(), scale));
    }
  }

  public Sweep {
    axes = List.copyOf(axes);
  }

  /** All combinations. The last axis varies fastest. Without axes there is one empty point. */
  public List<Map<Knob, Object>> grid() {
    List<Map<Knob, Object>> points = List.of(Map.of());
    for (Axis axis : axes) {
      List<Map<Knob, Object>> longer = new ArrayList<>();
      for (Map<Knob, Object> point : points) {
        for (Object value : axis.values()) {
          EnumMap<Knob, Object> next = new EnumMap<>(Knob.class);
          next.putAll(point);
          next.put(axis.knob(), value);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points;
  }

  /** Random points, distributed uniformly on the scale of each axis. */
  public List<Map<Knob, Object>> random(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map<Knob, Object>> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EnumMap<Knob, Object> point = new EnumMap<>(Knob.class);
      axes.forEach(axis -> point.put(axis.knob(), axis.random(random)));
      points.add(point);
    }
    return points;
  }
}
