package nst.model;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import nst.model.knob.Effect;

/** A parsed value for every {@link Knob}, with its canonical text. Immutable. */
final class KnobValues implements Serializable {
  private static final long serialVersionUID = 1L;

  private final EnumMap<Knob, Object> values;

  /** The line of each knob in {@link #canonicalText}, cached because it is needed for every row. */
  private final EnumMap<Knob, String> lines;

  private KnobValues(EnumMap<Knob, Object> values, EnumMap<Knob, String> lines) {
    this.values = values;
    this.lines = lines;
  }

  static KnobValues of(Map<Knob, Object> values) {
    for (Knob knob : Knob.values()) {
      Objects.requireNonNull(values.get(knob), () -> "no value for " + knob.key());
    }
    return new KnobValues(new EnumMap<>(Knob.class), new EnumMap<>(Knob.class)).with(values);
  }

  KnobValues with(Map<Knob, Object> overrides) {
    KnobValues changed = new KnobValues(values.clone(), lines.clone());
    overrides.forEach(
        (knob, value) -> {
          Objects.requireNonNull(value, () -> "no value for " + knob.key());
          changed.values.put(knob, value);
          changed.lines.put(knob, knob.key() + "=" + knob.domain().text(value));
        });
    return changed;
  }

  Map<Knob, Object> byKnob() {
    return Collections.unmodifiableMap(values);
  }

  /** The values of the knobs that have any of these effects. */
  Map<Knob, Object> affecting(Effect... effects) {
    EnumMap<Knob, Object> affecting = new EnumMap<>(Knob.class);
    Knob.affecting(effects).forEach(knob -> affecting.put(knob, values.get(knob)));
    return Collections.unmodifiableMap(affecting);
  }

  Object get(Knob knob) {
    return values.get(knob);
  }

  double real(Knob knob) {
    return (Double) values.get(knob);
  }

  int whole(Knob knob) {
    return Math.toIntExact((Long) values.get(knob));
  }

  String text(Knob knob) {
    return knob.domain().text(values.get(knob));
  }

  String canonicalText() {
    return String.join("\n", lines.values());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KnobValues that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return canonicalText().hashCode(); // hash codes of enum constants differ between JVMs
  }
}
