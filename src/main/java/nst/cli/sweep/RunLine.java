package nst.cli.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.text.Launcher;
import nst.storage.UriPolicy;
import nst.storage.Uris;

/** The command line that runs a manifest with the same settings as this one. */
public final class RunLine {
  private RunLine() {}

  /** The folders that a manifest's rows may not read without a setting. */
  public static List<String> refused(String manifest, List<String> folders, RunConfig config) {
    UriPolicy policy = UriPolicy.of(manifest, config.text(Setting.ALLOWED_PREFIXES));
    return folders.stream()
        .filter(folder -> policy.refusal(folder + "/any", folder).isPresent())
        .toList();
  }

  /**
   * The command line.
   *
   * @param manifest absolute URI
   * @param output absolute URI
   * @param config its options are repeated
   * @param needed folders that the rows need
   * @param file the configuration file, if there is one
   */
  public static String of(
      String manifest, String output, RunConfig config, List<String> needed, Optional<Path> file) {
    List<String> words = new ArrayList<>(List.of("run", Uris.display(manifest)));
    words.addAll(List.of("--output", Uris.display(output)));
    file.ifPresent(path -> words.addAll(List.of("--config", path.toString())));
    for (Setting setting : Setting.values()) {
      if (setting != Setting.ALLOWED_PREFIXES && isOption(config, setting)) {
        words.addAll(List.of(setting.flag(), config.text(setting)));
      }
    }
    if (!needed.isEmpty() || isOption(config, Setting.ALLOWED_PREFIXES)) {
      String folders =
          Uris.display(config.allowing(needed).text(Setting.ALLOWED_PREFIXES))
              .replace(",file:", ",");
      words.addAll(List.of(Setting.ALLOWED_PREFIXES.flag(), folders));
    }
    return Launcher.line(words);
  }

  /** Whether the value of a setting was given as an option, and not by a file or a variable. */
  private static boolean isOption(RunConfig config, Setting setting) {
    return config.entries().get(setting.key()).source().startsWith("--");
  }
}
