package nst;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nst.model.Domain;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;

/**
 * Generates the reference parts of the documentation from the code. They are committed; {@code
 * DocumentationTest} compares them, and prints the correct text if they differ.
 */
public final class ReferenceTables {
  private static final int COMMENT_WIDTH = 110;

  private ReferenceTables() {}

  /** The table between the markers {@code knobs} in {@code docs/manifest.md}. */
  public static String knobs() {
    Hyperparameters balanced = Preset.BALANCED.hyperparameters();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("column", "type", "expected", "meaning", "balanced"));
    for (Knob knob : Knob.values()) {
      rows.add(
          List.of(
              code(knob.key()),
              type(knob.domain().kind()),
              escaped(knob.domain().expected()),
              escaped(knob.meaning()),
              code(balanced.text(knob))));
    }
    return table(rows);
  }

  /** The table between the markers {@code settings} in {@code docs/operations.md}. */
  public static String settings() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("key", "flag", "expected", "meaning", "default"));
    for (Setting setting : Setting.values()) {
      rows.add(
          List.of(
              code(setting.key()),
              code(setting.flag()),
              escaped(setting.domain().expected()),
              escaped(setting.meaning()),
              code(setting.defaultText())));
    }
    return table(rows);
  }

  /** The table between the markers {@code presets} in {@code README.md}. */
  public static String presets() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("preset", "recipe", "size", "optimiser", "steps", "content / style / tv"));
    for (Preset preset : Preset.values()) {
      Hyperparameters h = preset.hyperparameters();
      rows.add(
          List.of(
              code(preset.label()),
              escaped(preset.source()),
              size(h),
              h.text(Knob.OPTIMIZER),
              h.text(Knob.NUM_ITERATIONS),
              number(h.contentWeight())
                  + " / "
                  + number(h.styleWeight())
                  + " / "
                  + number(h.tvWeight())));
    }
    return table(rows);
  }

  /** Returns the whole text of {@code conf/nst.conf}. */
  public static String configuration() {
    StringBuilder text = new StringBuilder(CONFIGURATION_HEAD);
    text.append(section("The recipe"));
    text.append(
        entry(
            "The preset for rows that do not name one",
            "one of " + String.join(", ", Preset.labels()),
            RunConfig.PRESET,
            quoted(Preset.BALANCED.label())));
    text.append(section("The run"));
    for (Setting setting : Setting.values()) {
      text.append(
          entry(
              setting.meaning(),
              setting.domain().expected(),
              setting.key(),
              value(setting.domain(), setting.defaultText())));
    }
    text.append(section("The picture: knobs, shown with the values of preset balanced"));
    Hyperparameters balanced = Preset.BALANCED.hyperparameters();
    for (Knob knob : Knob.values()) {
      text.append(
          entry(
              knob.meaning(),
              knob.domain().expected(),
              knob.key(),
              value(knob.domain(), balanced.text(knob))));
    }
    return text.toString();
  }

  private static final String CONFIGURATION_HEAD =
      """
      # All keys of nst with meaning, expected values and default. The format is HOCON, which includes JSON.
      #
      #   ./submit.sh run MANIFEST --output URI --config conf/nst.conf
      #
      # Every key is commented out. Copy the file, and remove the # from the keys that you want to set.
      # An option overrides --set, --set overrides the environment (NST_IMAGE_SIZE, NST_WEIGHTS_PATH), the environment
      # overrides this file, and this file overrides the defaults. An unknown key is an error that suggests the nearest key.
      #
      # A knob in this file overrides the configured preset for every row that does not name a preset. A row that names a
      # preset uses all values of that preset and none of these.
      #
      # Do not put secrets here; use a role for storage. This file is made from the code (nst.ReferenceTables) and tested.
      """;

  private static String section(String title) {
    String line = "# --- " + title + " ";
    return "\n" + line + "-".repeat(Math.max(0, COMMENT_WIDTH - line.length())) + "\n";
  }

  private static String entry(String meaning, String expected, String key, String value) {
    String sentence = meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1);
    return "\n"
        + wrapped(sentence + ".")
        + wrapped("Expected: " + expected + ".")
        + "#"
        + key
        + " = "
        + value
        + "\n";
  }

  private static String wrapped(String sentence) {
    StringBuilder text = new StringBuilder();
    StringBuilder line = new StringBuilder("#");
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + 1 + word.length() > COMMENT_WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    return text.append(line).append('\n').toString();
  }

  private static String value(Domain domain, String text) {
    return switch (domain.kind()) {
      case REAL, WHOLE -> text;
      case TEXT, LAYERS -> quoted(text);
    };
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static String type(Domain.Kind kind) {
    return switch (kind) {
      case REAL -> "number";
      case WHOLE -> "whole number";
      case TEXT -> "string";
      case LAYERS -> "layers";
    };
  }

  private static String size(Hyperparameters h) {
    return switch (h.sizeRule()) {
      case LONGEST -> "longest " + h.imageSize();
      case SHORTEST -> "shortest " + h.imageSize();
      case EXACT -> h.imageWidth() + " x " + h.imageHeight();
      case CONTENT -> "the photo's";
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  private static String code(String text) {
    return text.isEmpty() ? "none" : "`" + text + "`";
  }

  /** Escapes bars, which would end the cell. */
  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }

  /** Formats a Markdown table. The first row is the head. */
  private static String table(List<List<String>> rows) {
    String rule = "|" + "---|".repeat(rows.get(0).size());
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    lines.add(1, rule);
    return String.join("\n", lines) + "\n";
  }
}
