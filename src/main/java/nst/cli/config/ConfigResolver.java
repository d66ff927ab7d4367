package nst.cli.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.model.CombinationCheck;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.text.NearestName;
import nst.storage.UserUri;

/**
 * Resolves the configuration. From highest to lowest precedence: flags, {@code --set}, the
 * environment, the {@code --config} file, the packaged defaults. All faults are collected before
 * any is reported.
 */
public final class ConfigResolver {
  private static final String ENVIRONMENT_PREFIX = "NST_";

  /**
   * Variables with our prefix that are not configuration keys. submit.sh and the tests read them.
   */
  private static final List<String> OTHER_VARIABLES =
      List.of(
          "NST_HEAP",
          "NST_JAVA_OPTS",
          "NST_LIBTORCH",
          "NST_LOG_DIR",
          "NST_REAL_JOB",
          "NST_SKIP_BUILD");

  private record Value(Object raw, String source) {}

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Problems problems;

  private ConfigResolver(Problems problems) {
    this.problems = problems;
  }

  /**
   * Resolves the layers into one configuration.
   *
   * @param file the {@code --config} file
   * @param environment all variables of the process
   * @param sets the {@code key=value} arguments of {@code --set}
   * @param flags the flags that were given, as key to value
   * @param problems receives every fault; use the result only if there are none
   */
  public static RunConfig resolve(
      Optional<Path> file,
      Map<String, String> environment,
      List<String> sets,
      Map<String, String> flags,
      Problems problems) {
    ConfigResolver layers = new ConfigResolver(problems);
    file.ifPresent(layers::readFile);
    layers.readEnvironment(environment);
    sets.forEach(layers::readSet);
    flags.forEach((key, value) -> layers.put(key, value, flagOf(key)));
    return layers.resolve();
  }

  /**
   * Resolves values that a program sets, without files and the environment.
   *
   * @param source what set them, for messages
   * @param problems receives every fault; use the result only if there are none
   */
  public static RunConfig resolve(Map<String, String> values, String source, Problems problems) {
    ConfigResolver layers = new ConfigResolver(problems);
    values.forEach((key, value) -> layers.put(key, value, source));
    return layers.resolve();
  }

  private void readFile(Path file) {
    try {
      Config config =
          ConfigFactory.parseFile(
                  file.toFile(),
                  ConfigParseOptions.defaults()
                      .setAllowMissing(false)
                      .setIncluder(new LocalIncludes()))
              .resolve();
      config
          .entrySet()
          .forEach(
              entry ->
                  put(unquoted(entry.getKey()), entry.getValue().unwrapped(), file.toString()));
    } catch (ConfigException e) {
      problems.add(file.toString(), "", reason(file, e));
    }
  }

  /** Replaces the library's message for an unreadable file, which is only a Java class name. */
  private static String reason(Path file, ConfigException e) {
    if (!Files.exists(file)) {
      return "no such file. Check the path given to --config";
    }
    if (Files.isDirectory(file)) {
      return "expected a configuration file, was a folder";
    }
    return Files.isReadable(file)
        ? e.getMessage()
        : "permission denied. Make the file readable for this user";
  }

  private static String unquoted(String path) {
    return path.replace("\"", "");
  }

  private void readEnvironment(Map<String, String> environment) {
    Map<String, String> keyOf = new TreeMap<>();
    for (String key : RunConfig.keys()) {
      keyOf.put(variable(key), key);
    }
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (keyOf.containsKey(name)) {
                put(keyOf.get(name), value, name);
              } else if (name.startsWith(ENVIRONMENT_PREFIX) && !OTHER_VARIABLES.contains(name)) {
                problems.add(
                    "environment",
                    name,
                    unknown("environment variable", name, List.copyOf(keyOf.keySet())));
              }
            });
  }

  /** The environment variable of a key: {@code weights.path} is {@code NST_WEIGHTS_PATH}. */
  static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
  }

  private void readSet(String text) {
    String[] pair = text.split("=", 2);
    if (pair.length != 2) {
      problems.add("--set", text, "expected key=value");
    } else {
      put(pair[0].strip(), pair[1], "--set");
    }
  }

  private void put(String key, Object raw, String source) {
    if (!Redactor.isClean(raw.toString())) {
      problems.add(
          source,
          key,
          "expected a value without credentials (user information before an @, or a signed query),"
              + " was "
              + raw
              + ". Configure a credentials provider for the store instead");
    } else if (RunConfig.keys().contains(key)) {
      values.put(key, new Value(raw, source));
    } else {
      problems.add(source, key, unknown("key", key, RunConfig.keys()));
    }
  }

  private static String unknown(String kind, String name, List<String> known) {
    return "Unknown "
        + kind
        + " `"
        + name
        + "`."
        + NearestName.of(name, known).map(near -> " Did you mean `" + near + "`?").orElse("");
  }

  private RunConfig resolve() {
    Preset preset = preset();
    EnumMap<Knob, Object> knobs = new EnumMap<>(Knob.class);
    for (Knob knob : Knob.values()) {
      parsed(knob.key(), knob.domain()).ifPresent(value -> knobs.put(knob, value));
    }
    // The user typed these paths: they are relative to the working directory, not to the manifest.
    for (Knob knob : Knob.ofUris()) {
      knobs.computeIfPresent(
          knob, (same, uri) -> same.isEmbedded(uri) ? uri : absolute(knob.key(), uri.toString()));
    }
    EnumMap<Setting, Object> settings = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      settings.put(
          setting,
          parsed(setting.key(), setting.domain())
              .orElseGet(() -> setting.domain().parse(setting.defaultText())));
    }
    settings.computeIfPresent(
        Setting.ALLOWED_PREFIXES, (setting, uris) -> folders(setting.key(), uris.toString()));
    settings.computeIfPresent(
        Setting.COSTS_PATH,
        (setting, uri) -> uri.toString().isEmpty() ? uri : absolute(setting.key(), uri.toString()));
    new CombinationCheck(preset.hyperparameters().with(knobs), "configuration", problems).check();
    Map<String, String> sources = new TreeMap<>();
    values.forEach((key, value) -> sources.put(key, value.source()));
    return new RunConfig(settings, preset, knobs, sources);
  }

  /** Makes comma-separated folders absolute, relative to the working directory. */
  private String folders(String key, String typed) {
    return Arrays.stream(typed.split(",", -1))
        .map(String::strip)
        .filter(folder -> !folder.isEmpty())
        .map(folder -> absolute(key, folder))
        .collect(Collectors.joining(","));
  }

  private String absolute(String key, String uri) {
    try {
      return uri.isEmpty() ? uri : UserUri.absolute(uri);
    } catch (IllegalArgumentException e) {
      problems.add(values.get(key).source(), key, e.getMessage());
      return "";
    }
  }

  private Preset preset() {
    Value value = values.get(RunConfig.PRESET);
    if (value == null) {
      return Preset.BALANCED;
    }
    Optional<Preset> preset = Preset.named(value.raw().toString());
    if (preset.isEmpty()) {
      problems.add(
          value.source(),
          RunConfig.PRESET,
          "expected one of " + String.join(", ", Preset.labels()) + ", was " + value.raw());
    }
    return preset.orElse(Preset.BALANCED);
  }

  private Optional<Object> parsed(String key, Domain domain) {
    Value value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(domain.parse(value.raw()));
    } catch (IllegalArgumentException e) {
      problems.add(value.source(), key, e.getMessage());
      return Optional.empty();
    }
  }

  private static String flagOf(String key) {
    return Knob.named(key)
        .map(Knob::flag)
        .or(() -> Setting.named(key).map(Setting::flag))
        .orElse("--" + key);
  }
}
