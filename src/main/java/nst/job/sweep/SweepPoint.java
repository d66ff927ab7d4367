package nst.job.sweep;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;

/**
 * The values that a row of a sweep sets itself.
 *
 * @param preset the preset, if the row names one
 * @param knobs the knobs that the row sets instead of the preset's
 */
public record SweepPoint(Optional<Preset> preset, Map<Knob, Object> knobs) {

  /** The same point with a value of an axis. */
  SweepPoint with(SweepAxis axis, Object value) {
    Optional<Knob> knob = axis.knob();
    if (knob.isEmpty()) {
      return new SweepPoint(Optional.of((Preset) value), knobs);
    }
    return with(Map.of(knob.get(), value));
  }

  /** The same point with other values of some knobs. */
  public SweepPoint with(Map<Knob, Object> others) {
    EnumMap<Knob, Object> more = new EnumMap<>(Knob.class);
    more.putAll(knobs);
    more.putAll(others);
    return new SweepPoint(preset, more);
  }

  /** The value of every knob. */
  public Hyperparameters values(Preset byDefault) {
    return preset.orElse(byDefault).hyperparameters().with(knobs);
  }
}
