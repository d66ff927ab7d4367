package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.cli.terminal.Console;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.text.NearestName;
import nst.record.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code presets}: prints the presets with all their values. */
@Command(
    name = "presets",
    description =
        "Prints one preset, or every preset, with all values and their sources. A * marks the values that"
            + " the preset sets itself.",
    sortOptions = false)
final class PresetsCommand extends CliCommand {
  /** Longer values, such as lists of layers, shift their source to the right. */
  private static final int WIDEST_VALUE = 24;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "the preset to print; without a name, all are printed")
  Optional<String> name = Optional.empty();

  @Override
  public Integer call() {
    config();
    List<Preset> presets = name.map(PresetsCommand::named).orElse(List.of(Preset.values()));
    if (json) {
      ObjectNode node = Console.object();
      for (Preset preset : presets) {
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
    for (Preset preset : presets) {
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

  private static List<Preset> named(String name) {
    return List.of(
        Preset.named(name)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "command line",
                        "NAME",
                        "Unknown preset `"
                            + name
                            + "`. "
                            + NearestName.ofFew(name, Preset.labels())
                                .map(near -> "Did you mean `" + near + "`?")
                                .orElse(
                                    "The presets are "
                                        + String.join(", ", Preset.labels())
                                        + "."))));
  }

  private static String padded(String value) {
    return value + " ".repeat(Math.max(0, WIDEST_VALUE - value.length()));
  }
}
