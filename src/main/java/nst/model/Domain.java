package nst.model;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nst.model.knob.Layer;
import nst.model.text.ShortText;

/**
 * The valid values of a {@link Knob} or a {@link Setting}: how they are parsed and checked, and how
 * they are written so that equal values have equal text.
 */
public sealed interface Domain {

  /** The type of value that a column, key or flag has. */
  enum Kind {
    REAL,
    WHOLE,
    TEXT,
    LAYERS
  }

  Kind kind();

  /** The expected values, for messages and documentation: {@code a number of at least 0}. */
  String expected();

  /**
   * Parses a value that is a number, a text, a list or a map.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  Object parse(Object raw);

  /** The canonical text of a value; {@code parse(text(value))} equals {@code value}. */
  default String text(Object value) {
    return value.toString();
  }

  private IllegalArgumentException refused(Object raw) {
    return new IllegalArgumentException(
        "expected " + expected() + ", was " + ShortText.quoted(String.valueOf(raw)));
  }

  /**
   * A finite number between two bounds. The upper bound is included; the lower bound may be
   * excluded.
   */
  record Real(double from, double to, Bound lower) implements Domain {
    /** Whether the lower bound belongs to the range. */
    public enum Bound {
      INCLUDED,
      EXCLUDED
    }

    @Override
    public Kind kind() {
      return Kind.REAL;
    }

    @Override
    public String expected() {
      boolean open = to == Double.MAX_VALUE;
      if (open && from == 0) {
        return lower == Bound.EXCLUDED ? "a positive number" : "a number of at least 0";
      }
      String low = (lower == Bound.EXCLUDED ? "above " : "from ") + number(from);
      return "a number " + low + (open ? "" : " to " + number(to));
    }

    @Override
    public Object parse(Object raw) {
      double value;
      try {
        value =
            raw instanceof Number number
                ? number.doubleValue()
                : Double.parseDouble(raw.toString().strip());
      } catch (NumberFormatException e) {
        throw ((Domain) this).refused(raw);
      }
      boolean aboveLower = lower == Bound.EXCLUDED ? value > from : value >= from;
      if (!Double.isFinite(value) || !aboveLower || value > to) {
        throw ((Domain) this).refused(raw);
      }
      return value + 0.0; // turns -0.0 into 0.0
    }

    private static String number(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? String.format(Locale.ROOT, "%.0f", value)
          : Double.toString(value);
    }
  }

  /** A whole number between two bounds, both included. */
  record Whole(long from, long to) implements Domain {
    @Override
    public Kind kind() {
      return Kind.WHOLE;
    }

    @Override
    public String expected() {
      if (from == Long.MIN_VALUE) {
        return "a whole number";
      }
      return to == Long.MAX_VALUE
          ? "a whole number of at least " + from
          : "a whole number from " + from + " to " + to;
    }

    @Override
    public Object parse(Object raw) {
      long value;
      try {
        if (raw instanceof Double || raw instanceof Float) {
          double real = ((Number) raw).doubleValue();
          if (real != Math.rint(real)
              || Math.abs(real) >= 1L << 53) { // doubles are not exact from here
            throw ((Domain) this).refused(raw);
          }
          value = (long) real;
        } else if (raw instanceof BigDecimal decimal) {
          value = decimal.longValueExact();
        } else {
          value = Long.parseLong(raw.toString().strip());
        }
      } catch (ArithmeticException | NumberFormatException e) {
        throw ((Domain) this).refused(raw);
      }
      if (value < from || value > to) {
        throw ((Domain) this).refused(raw);
      }
      return value;
    }
  }

  /** A whole number of a range, or 0 for none. */
  record ZeroOr(Whole range) implements Domain {
    @Override
    public Kind kind() {
      return Kind.WHOLE;
    }

    @Override
    public String expected() {
      return "0 or " + range.expected();
    }

    @Override
    public Object parse(Object raw) {
      if (raw.toString().strip().equals("0")) {
        return 0L;
      }
      try {
        return range.parse(raw);
      } catch (IllegalArgumentException e) {
        throw ((Domain) this).refused(raw);
      }
    }
  }

  /** A whole number, or {@code auto}, whose value is {@link #AUTO}. */
  record AutoOr(Whole range) implements Domain {
    public static final long AUTO = 0;

    public AutoOr {
      if (range.from() <= AUTO) {
        throw new IllegalArgumentException("expected a range without 0, was " + range);
      }
    }

    @Override
    public Kind kind() {
      return Kind.WHOLE;
    }

    @Override
    public String expected() {
      return "auto or " + range.expected();
    }

    @Override
    public Object parse(Object raw) {
      if (raw.toString().strip().equals("auto")) {
        return AUTO;
      }
      try {
        return range.parse(raw);
      } catch (IllegalArgumentException e) {
        throw ((Domain) this).refused(raw);
      }
    }

    @Override
    public String text(Object value) {
      return value.equals(AUTO) ? "auto" : Domain.super.text(value);
    }
  }

  /** One constant of an enum, written in lower case. */
  record Choice(Class<? extends Enum<?>> type) implements Domain {
    @Override
    public Kind kind() {
      return Kind.TEXT;
    }

    @Override
    public String expected() {
      return labels().size() == 1 ? labels().get(0) : "one of " + String.join(", ", labels());
    }

    @Override
    public Object parse(Object raw) {
      String wanted = raw.toString().strip();
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> constant.name().equalsIgnoreCase(wanted))
          .findFirst()
          .orElseThrow(() -> ((Domain) this).refused(raw));
    }

    @Override
    public String text(Object value) {
      return ((Enum<?>) value).name().toLowerCase(Locale.ROOT);
    }

    public List<String> labels() {
      return Arrays.stream(type.getEnumConstants()).map(this::text).toList();
    }
  }

  /** Any text; a blank text counts as empty. */
  record Text(String expected) implements Domain {
    @Override
    public Kind kind() {
      return Kind.TEXT;
    }

    @Override
    public Object parse(Object raw) {
      return raw.toString().strip();
    }
  }

  /** The URI of an object that a row reads; empty if there is none. */
  record Uri(Optional<String> embedded) implements Domain {
    /** The URI of an object. */
    Uri() {
      this(Optional.empty());
    }

    /** Whether a value names what is embedded in this program and needs no reading. */
    boolean isEmbedded(Object value) {
      return embedded.isPresent() && embedded.get().equals(value);
    }

    @Override
    public Kind kind() {
      return Kind.TEXT;
    }

    @Override
    public String expected() {
      return embedded.map(name -> "a URI, or " + name).orElse("a URI");
    }

    @Override
    public Object parse(Object raw) {
      return raw.toString().strip();
    }
  }

  /**
   * Layers with their weights: {@code relu1_1:0.5, relu2_1} (the default weight is 1), a list of
   * names, or a map from name to weight. Written in network order.
   */
  record Layers(Emptiness emptiness) implements Domain {
    /** Whether an empty list of layers is valid. */
    public enum Emptiness {
      ALLOWED,
      REFUSED
    }

    @Override
    public Kind kind() {
      return Kind.LAYERS;
    }

    @Override
    public String expected() {
      return "layers with weights of at least 0, such as relu1_1:0.5,relu4_2:1";
    }

    @Override
    public Object parse(Object raw) {
      EnumMap<Layer, Double> layers = new EnumMap<>(Layer.class);
      if (raw instanceof Map<?, ?> map) {
        map.forEach((layer, weight) -> put(layers, layer.toString(), String.valueOf(weight), raw));
      } else {
        String text =
            raw instanceof Iterable<?> names
                ? java.util.stream.StreamSupport.stream(names.spliterator(), false)
                    .map(String::valueOf)
                    .collect(Collectors.joining(","))
                : raw.toString();
        for (String part : text.split(",", -1)) {
          if (!part.isBlank()) {
            String[] pair = part.split(":", 2);
            put(layers, pair[0], pair.length == 2 ? pair[1] : "1", raw);
          }
        }
      }
      if (layers.isEmpty() && emptiness == Emptiness.REFUSED) {
        throw ((Domain) this).refused(raw.toString().isBlank() ? "blank" : raw);
      }
      return Collections.unmodifiableMap(layers);
    }

    private void put(Map<Layer, Double> layers, String label, String weight, Object raw) {
      Optional<Layer> layer = Layer.named(label);
      if (layer.isEmpty() || layers.containsKey(layer.get())) {
        throw ((Domain) this).refused(raw);
      }
      try {
        Object value = new Real(0, Double.MAX_VALUE, Real.Bound.INCLUDED).parse(weight);
        layers.put(layer.get(), (Double) value);
      } catch (IllegalArgumentException e) {
        throw ((Domain) this).refused(raw);
      }
    }

    @Override
    public String text(Object value) {
      return ((Map<?, ?>) value)
          .entrySet().stream()
              .map(entry -> ((Layer) entry.getKey()).label() + ":" + entry.getValue())
              .collect(Collectors.joining(","));
    }
  }

  static Domain positive() {
    return new Real(0, Double.MAX_VALUE, Real.Bound.EXCLUDED);
  }

  static Domain atLeastZero() {
    return new Real(0, Double.MAX_VALUE, Real.Bound.INCLUDED);
  }

  static Domain share() {
    return new Real(0, 1, Real.Bound.INCLUDED);
  }

  static Domain whole(long from, long to) {
    return new Whole(from, to);
  }

  static Domain zeroOr(long from, long to) {
    return new ZeroOr(new Whole(from, to));
  }

  static Domain autoOr(long from, long to) {
    return new AutoOr(new Whole(from, to));
  }

  static Domain choice(Class<? extends Enum<?>> type) {
    return new Choice(type);
  }
}
