package nst.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;

/** The knobs that decide what a style network is trained for. */
public final class NetworkObjective {
  private static final Set<Knob> KNOBS =
      EnumSet.of(
          Knob.BACKBONE,
          Knob.POOLING,
          Knob.PADDING,
          Knob.FEATURE_SCALE,
          Knob.CONTENT_WEIGHT,
          Knob.STYLE_WEIGHT,
          Knob.TV_WEIGHT,
          Knob.CONTENT_LAYERS,
          Knob.CONTENT_TERM,
          Knob.STYLE_LAYERS,
          Knob.STYLE_LAYERS_END,
          Knob.GRAM,
          Knob.STYLE_TERM,
          Knob.TV_TERM,
          Knob.LOSS_NORMALIZATION,
          Knob.STYLE_SCALE,
          Knob.STYLE_FIT);

  private NetworkObjective() {}

  /** Whether the objective of a network depends on the knob. */
  public static boolean contains(Knob knob) {
    return KNOBS.contains(knob);
  }

  /** The objective as text by key, for a recipe. */
  public static Map<String, String> texts(Hyperparameters values) {
    Map<String, String> texts = new TreeMap<>();
    KNOBS.forEach(knob -> texts.put(knob.key(), values.text(knob)));
    return texts;
  }

  /**
   * The options of {@code train} for the objective of a row, except {@code --backbone}: a preset,
   * and the values in which it differs. The preset with the fewest such values is taken.
   *
   * @param row with a backbone that is not {@code auto}
   */
  public static List<String> options(Hyperparameters row) {
    Preset nearest =
        Arrays.stream(Preset.values())
            .min(Comparator.comparingInt(preset -> differing(row, preset).size()))
            .orElseThrow();
    List<String> options = new ArrayList<>(List.of("--preset", nearest.label()));
    for (Knob knob : differing(row, nearest)) {
      options.addAll(List.of(knob.flag(), row.text(knob)));
    }
    return options;
  }

  private static List<Knob> differing(Hyperparameters row, Preset preset) {
    Hyperparameters there = preset.hyperparameters().on(row.backbone());
    return KNOBS.stream().filter(knob -> !there.text(knob).equals(row.text(knob))).toList();
  }
}
