package nst.report.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.text.Launcher;

/** The command line that runs the next grid with the photos, paintings and settings of a run. */
public final class SweepLine {
  private SweepLine() {}

  /**
   * The command line.
   *
   * @param output the output folder as users write it
   * @param configuration the configuration of the run: what was typed is repeated
   * @return empty if there is no next grid, or if {@code sweep} cannot make its rows
   */
  public static Optional<String> of(
      Sweep sweep, NextGrid next, String output, Map<String, RunConfig.Entry> configuration) {
    Recipe recipe = sweep.recipe();
    if (next.axes().isEmpty() || recipe.obstacle().isPresent()) {
      return Optional.empty();
    }
    List<String> words = new ArrayList<>(List.of("sweep"));
    words.add("--content");
    recipe.photos().forEach(uri -> words.add(path(uri)));
    addStyles(recipe, next, words);
    addAxes(next, words);
    addKnobs(recipe, next, configuration, words);
    addSettings(configuration, words);
    words.addAll(List.of("--run", "--output", output));
    return Optional.of(Launcher.line(words));
  }

  private static void addStyles(Recipe recipe, NextGrid next, List<String> words) {
    Optional<NextAxis> blend =
        next.axes().stream().filter(a -> a.axis().kind() == Axis.Kind.BLEND).findFirst();
    Set<String> paintings = new LinkedHashSet<>();
    recipe.styles().forEach(style -> style.forEach(part -> paintings.add(path(part.uri()))));
    if (blend.isPresent() && paintings.size() == 2) {
      words.add("--blend");
      words.add(String.join(":", blended(recipe)) + "=" + blend.get().text());
      return;
    }
    List<String> single =
        recipe.styles().stream()
            .filter(style -> style.size() == 1)
            .map(style -> path(style.get(0).uri()))
            .toList();
    if (!single.isEmpty()) {
      words.add("--style");
      words.addAll(single);
    }
    for (List<TransferRequest.Style> style : recipe.styles()) {
      if (style.size() > 1) {
        words.add("--style-set");
        words.add(
            style.stream().map(part -> path(part.uri())).collect(Collectors.joining(":"))
                + "="
                + style.stream()
                    .map(part -> Decimals.rounded(part.weight(), 6))
                    .collect(Collectors.joining(":")));
      }
    }
  }

  /** The two paintings of a blend in the order of its rows. */
  private static List<String> blended(Recipe recipe) {
    Set<String> paintings = new LinkedHashSet<>();
    recipe.styles().stream()
        .sorted((a, b) -> b.size() - a.size()) // a row with both has them in order
        .forEach(style -> style.forEach(part -> paintings.add(path(part.uri()))));
    return List.copyOf(paintings);
  }

  private static void addAxes(NextGrid next, List<String> words) {
    for (NextAxis axis : next.axes()) {
      if (axis.axis().kind() != Axis.Kind.BLEND) {
        words.add("--grid");
        words.add(axis.axis().name() + "=" + axis.text());
      }
    }
    if (next.samples() > 0) {
      words.addAll(List.of("--samples", Integer.toString(next.samples())));
    }
  }

  private static void addKnobs(
      Recipe recipe,
      NextGrid next,
      Map<String, RunConfig.Entry> configuration,
      List<String> words) {
    if (next.axis(RunConfig.PRESET).isEmpty()
        && !recipe.presets().equals(List.of(Preset.BALANCED.label()))) {
      words.addAll(List.of("--preset", recipe.presets().get(0)));
    }
    recipe
        .common()
        .forEach(
            (knob, value) -> {
              String text = Knob.ofUris().contains(knob) ? path(value) : value;
              if (knob == Knob.SEED && next.samples() > 0) { // there --seed is that of the samples
                words.addAll(List.of("--set", knob.key() + "=" + text));
              } else {
                words.addAll(List.of(knob.flag(), text));
              }
            });
    RunConfig.Entry precision = configuration.get(Knob.PRECISION.key());
    if (precision != null && precision.source().startsWith("--")) {
      words.addAll(List.of(Knob.PRECISION.flag(), precision.value()));
    }
  }

  private static void addSettings(Map<String, RunConfig.Entry> configuration, List<String> words) {
    configuration.values().stream()
        .map(RunConfig.Entry::source)
        .filter(SweepLine::isFile)
        .findFirst()
        .ifPresent(file -> words.addAll(List.of("--config", file)));
    for (Setting setting : Setting.values()) {
      RunConfig.Entry entry = configuration.get(setting.key());
      // Photos and paintings that sweep --run names may be read.
      if (entry != null && entry.source().startsWith("--") && setting != Setting.ALLOWED_PREFIXES) {
        words.addAll(List.of(setting.flag(), entry.value()));
      }
    }
  }

  /** Whether a value came from a configuration file, whose path is then its source. */
  private static boolean isFile(String source) {
    return !source.equals("default")
        && !source.startsWith("preset ")
        && !source.startsWith("--")
        && !source.startsWith("NST_");
  }

  /** A URI as users write it. */
  private static String path(String uri) {
    return uri.startsWith("file:") ? uri.substring("file:".length()) : uri;
  }
}
