package nst.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The configuration options of every command, with a flag for every knob and setting. */
public final class ConfigurationOptions {
  /** Which flags of knobs and settings the help of a command shows. */
  public enum Help {
    /** Those that most users need. */
    SHORT,
    /** All that the command uses. */
    ALL;

    private static final Pattern CLAUSE_END = Pattern.compile("[.:;] ");

    /** The description of a flag: in the short help only its first clause. */
    private String text(String meaning) {
      return this == ALL ? meaning : CLAUSE_END.split(meaning, 2)[0];
    }
  }

  /** The keys that most users need. */
  public static final Set<String> FREQUENT =
      Set.of(
          RunConfig.PRESET,
          Knob.IMAGE_SIZE.key(),
          Knob.NUM_ITERATIONS.key(),
          Knob.CONTENT_WEIGHT.key(),
          Knob.STYLE_WEIGHT.key(),
          Setting.DEVICE.key());

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "read this configuration file (HOCON); see conf/nst.conf")
  Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "set one configuration key; may be repeated")
  List<String> sets = new ArrayList<>();

  /**
   * Adds a flag for every knob and setting that the command does not declare itself.
   *
   * @param isUsed whether the command uses a key. The help does not show the flags of others
   * @param frequent the keys in the short help
   */
  public static void addFlags(
      CommandSpec spec, Help help, Predicate<String> isUsed, Set<String> frequent) {
    Predicate<String> isShown =
        key -> isUsed.test(key) && (help == Help.ALL || frequent.contains(key));
    Preset preset = Preset.BALANCED;
    add(
        spec,
        "--" + RunConfig.PRESET,
        "NAME",
        help.text("preset for rows that do not name one: " + String.join(", ", Preset.labels()))
            + (" (default: " + preset.label() + ")"),
        isShown.test(RunConfig.PRESET));
    for (Setting setting : Setting.values()) {
      String shown = setting.defaultText().isEmpty() ? "none" : setting.defaultText();
      add(
          spec,
          setting.flag(),
          label(setting.key()),
          help.text(setting.meaning()) + " (default: " + shown + ")",
          isShown.test(setting.key()));
    }
    for (Knob knob : Knob.values()) {
      String value = preset.hyperparameters().text(knob);
      add(
          spec,
          knob.flag(),
          label(knob.key()),
          help.text(knob.meaning())
              + (" (" + preset.label() + ": " + (value.isEmpty() ? "none" : value) + ")"),
          isShown.test(knob.key()));
    }
    spec.addOption(
        OptionSpec.builder("--weights")
            .type(String.class)
            .paramLabel("FILE")
            .description("the same as --weights-path")
            .hidden(help == Help.SHORT)
            .build());
  }

  private static void add(
      CommandSpec spec, String flag, String label, String description, boolean shown) {
    if (!spec.optionsMap().containsKey(flag)) {
      // picocli formats descriptions, so a literal % must be doubled
      String plain = description.replace("%", "%%");
      spec.addOption(
          OptionSpec.builder(flag)
              .type(String.class)
              .paramLabel(label)
              .description(plain)
              .hidden(!shown)
              .build());
    }
  }

  private static String label(String key) {
    return key.substring(Math.max(key.lastIndexOf('.'), key.lastIndexOf('_')) + 1)
        .toUpperCase(java.util.Locale.ROOT);
  }

  /** Resolves the configuration and adds every fault to {@code problems}. */
  public RunConfig resolve(Problems problems) {
    return resolve(problems, knob -> true);
  }

  /**
   * Resolves the configuration and adds every fault to {@code problems}.
   *
   * @param isSetByFlag false for a knob whose flag means something else in this command
   */
  public RunConfig resolve(Problems problems, Predicate<Knob> isSetByFlag) {
    Map<String, String> flags = new LinkedHashMap<>();
    flag("--" + RunConfig.PRESET).ifPresent(value -> flags.put(RunConfig.PRESET, value));
    for (Knob knob : Knob.values()) {
      if (isSetByFlag.test(knob)) {
        flag(knob.flag()).ifPresent(value -> flags.put(knob.key(), value));
      }
    }
    flag("--weights").ifPresent(value -> flags.put(Setting.WEIGHTS_PATH.key(), value));
    for (Setting setting : Setting.values()) {
      flag(setting.flag()).ifPresent(value -> flags.put(setting.key(), value));
    }
    return ConfigResolver.resolve(file(), System.getenv(), sets, flags, problems);
  }

  /** The configuration file that the user names. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** The command line of the whole program. */
  public CommandLine program() {
    return spec.root().commandLine();
  }

  private Optional<String> flag(String name) {
    String given = spec.commandLine().getParseResult().matchedOptionValue(name, (String) null);
    return Optional.ofNullable(given);
  }
}
