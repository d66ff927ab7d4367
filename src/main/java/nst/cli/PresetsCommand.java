package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.record.ExitCode;
import picocli.CommandLine.Command;

/** {@code presets}: prints the presets with all their values. */
@Command(
    name = "presets",
    description =
        "Prints every preset with all its values and their sources. A * marks the values that the preset"
            + " sets itself.",
    sortOptions = false)
final class PresetsCommand extends CliCommand {
  /** Longer values, such as lists of layers, shift their source to the right. */
  private static final int WIDEST_VALUE = 24;

  @Override
  public Integer call() {
    config();
    if (json) {
      ObjectNode node = Console.object();
      for (Preset preset : Preset.values()) {
        ObjectNode entry = node.putObject(preset.label()).put("source", preset.source());
        ObjectNode values = entry.putObject("values");
        Hyperparameters h = preset.hyperparameters();
        h.values().keySet().forEach(knob -> values.put(knob.key(), h.text(knob)));
        ObjectNode sources = entry.putObject("sources");
        preset.sources().forEach((knob, source) -> sources.put(knob.key(), source));
      }
      console().json(node);
      return ExitCode.OK.code();
    }
    for (Preset preset : Preset.values()) {
      console().say(preset.label() + ": " + preset.source());
      Set<Knob> own = preset.stated().keySet();
      Hyperparameters h = preset.hyperparameters();
      Map<String, String> table = new LinkedHashMap<>();
      preset
          .sources()
          .forEach(
              (knob, source) ->
                  table.put(
                      (own.contains(knob) ? "* " : "  ") + knob.key(),
                      padded(h.text(knob)) + "  # " + source));
      console().say(table);
      console().say("");
    }
    return ExitCode.OK.code();
  }

  private static String padded(String value) {
    return value + " ".repeat(Math.max(0, WIDEST_VALUE - value.length()));
  }
}
