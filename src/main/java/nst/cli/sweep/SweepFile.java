package nst.cli.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.job.sweep.SweepAxis;
import nst.job.sweep.SweepText;
import nst.model.Problems;
import nst.model.text.NearestName;

/**
 * A definition of a sweep in HOCON. Its keys are the options of the command {@code sweep}. Relative
 * paths are resolved against its folder.
 */
public final class SweepFile {
  private static final String GRID = "grid";
  private static final List<String> KEYS =
      List.of(
          "content", "style", "style_set", "blend", GRID, "where", "samples", "sampling", "seed");

  private final Path file;
  private final ConfigObject root;
  private final Problems problems;

  private SweepFile(Path file, ConfigObject root, Problems problems) {
    this.file = file;
    this.root = root;
    this.problems = problems;
  }

  /** The definition of a command line that names no file. */
  public static SweepFile none() {
    return new SweepFile(Path.of(""), ConfigFactory.empty().root(), new Problems());
  }

  /**
   * Reads a definition.
   *
   * @param includer decides which files it may include
   * @param problems receives every fault
   */
  public static SweepFile read(Path file, ConfigIncluder includer, Problems problems) {
    ConfigObject root = ConfigFactory.empty().root();
    try {
      Config config =
          ConfigFactory.parseFile(
                  file.toFile(),
                  ConfigParseOptions.defaults().setAllowMissing(false).setIncluder(includer))
              .resolve();
      root = config.root();
    } catch (ConfigException e) {
      problems.add(file.toString(), "", reason(file, e));
    }
    SweepFile definition = new SweepFile(file, root, problems);
    definition.checkKeys();
    return definition;
  }

  private static String reason(Path file, ConfigException e) {
    if (Files.isDirectory(file)) {
      return "expected the definition of a sweep, was a folder";
    }
    return Files.exists(file) ? e.getMessage() : "no such file. Check the path";
  }

  private void checkKeys() {
    for (String key : root.keySet()) {
      if (!KEYS.contains(key)) {
        problems.add(
            file.toString(),
            key,
            "Unknown key `"
                + key
                + "`."
                + NearestName.of(key, KEYS)
                    .map(near -> " Did you mean `" + near + "`?")
                    .orElse(" Knobs belong into grid."));
      }
    }
  }

  /** The texts of a key that has one value or a list. */
  public List<String> list(String key) {
    return root.containsKey(key) ? texts(root.get(key)).toList() : List.of();
  }

  /** The texts of a key, with the folder of this file. */
  public List<SweepText> texts(String key) {
    return list(key).stream().map(this::text).toList();
  }

  /** The value of a key that has one value. */
  public Optional<String> value(String key) {
    return list(key).stream().findFirst();
  }

  private static Stream<String> texts(ConfigValue value) {
    return value.unwrapped() instanceof List<?> list
        ? list.stream().map(String::valueOf)
        : Stream.of(String.valueOf(value.unwrapped()));
  }

  /** The axes, in the order of their lines. */
  public List<SweepText> axes() {
    ConfigValue grid = root.get(GRID);
    if (grid == null) {
      return List.of();
    }
    if (!(grid instanceof ConfigObject axes)) {
      problems.add(file.toString(), GRID, "expected knobs with their values");
      return List.of();
    }
    List<Map.Entry<String, ConfigValue>> lines = new ArrayList<>(axes.entrySet());
    lines.sort(
        Comparator.comparing(
                (Map.Entry<String, ConfigValue> line) -> line.getValue().origin().lineNumber())
            .thenComparing(Map.Entry::getKey));
    return lines.stream()
        .map(
            line ->
                texts(line.getValue())
                    .collect(
                        Collectors.joining(
                            SweepAxis.separator(line.getKey()), line.getKey() + "=", "")))
        .map(this::text)
        .toList();
  }

  private SweepText text(String text) {
    return new SweepText(text, "file:" + file.toAbsolutePath().normalize().getParent());
  }
}
