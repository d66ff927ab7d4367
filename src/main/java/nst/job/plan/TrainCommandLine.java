package nst.job.plan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.knob.Effect;
import nst.model.text.Launcher;
import nst.storage.Uris;

/**
 * The command that trains the missing network of a row, for messages.
 *
 * @param settings options for the settings of this run that a training uses too
 */
record TrainCommandLine(String manifest, String output, List<String> settings)
    implements Serializable {
  TrainCommandLine {
    settings = List.copyOf(settings);
  }

  /**
   * The command for a row.
   *
   * @param usualBackbone whether the row has the backbone that the command uses by default
   */
  String of(TransferRequest request, boolean usualBackbone) {
    Hyperparameters h = request.hyperparameters();
    List<String> words = new ArrayList<>(List.of("train"));
    request.styles().stream()
        .map(TransferRequest.Style::uri)
        .distinct()
        .forEach(uri -> words.addAll(List.of("--style", Uris.display(uri))));
    words.addAll(List.of("--photos", Uris.display(manifest), "--output", Uris.display(output)));
    words.addAll(objective(h));
    if (!usualBackbone) {
      words.addAll(List.of(Knob.BACKBONE.flag(), h.text(Knob.BACKBONE)));
    }
    words.addAll(settings);
    return Launcher.line(words);
  }

  /**
   * The options for the objective of a row, except {@code --backbone}: a preset, and the values in
   * which the row differs from it. The preset with the fewest such values is taken.
   *
   * @param row with a backbone that is not {@code auto}
   */
  static List<String> objective(Hyperparameters row) {
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
    Hyperparameters ofPreset = preset.hyperparameters().on(row.backbone());
    return Knob.affecting(Effect.OBJECTIVE).stream()
        .filter(knob -> !ofPreset.text(knob).equals(row.text(knob)))
        .toList();
  }
}
