package nst.cli.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.cli.config.LocalIncludes;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepPoints.Sampling;
import nst.job.sweep.SweepText;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.storage.UserUri;
import picocli.CommandLine.Option;

/** The options that define a sweep, and the file that may define it. */
public final class SweepArguments {
  private static final Domain COUNT = Domain.whole(1, 1_000_000);

  @Option(
      names = "--definition",
      paramLabel = "FILE",
      description =
          "read the sweep from this file; options replace its values, and conditions are added")
  Optional<Path> definition = Optional.empty();

  @Option(
      names = "--content",
      paramLabel = "URI",
      arity = "1..*",
      description = "photos, folders of photos or bucket prefixes")
  List<String> contents = new ArrayList<>();

  @Option(
      names = "--style",
      paramLabel = "URI",
      arity = "1..*",
      description = "paintings, folders or bucket prefixes")
  List<String> styles = new ArrayList<>();

  @Option(
      names = "--style-set",
      paramLabel = "A:B[=3:1]",
      description = "paintings to blend in one row, with weights")
  List<String> styleSets = new ArrayList<>();

  @Option(
      names = "--blend",
      paramLabel = "A:B=SHARES",
      description = "a row for each share of B: a.jpg:b.jpg=0,0.5,1")
  List<String> blends = new ArrayList<>();

  @Option(
      names = "--grid",
      paramLabel = "KNOB=VALUES",
      description = "an axis, for example preset=balanced,gatys or style_weight=log:1e2..1e5:7")
  List<String> grid = new ArrayList<>();

  @Option(
      names = "--samples",
      paramLabel = "COUNT",
      description = "take this many points of the axes instead of all combinations")
  String samples;

  @Option(
      names = "--sampling",
      paramLabel = "KIND",
      description = "how samples are distributed: sobol (evenly) or random (default: sobol)")
  String sampling;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "the seed of samples; without --samples, the knob")
  String seed;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description = "keep only rows that meet this condition in Spark SQL")
  List<String> conditions = new ArrayList<>();

  /** The file; without values if there is none. */
  public SweepFile file(Problems problems) {
    return definition
        .map(path -> SweepFile.read(path, new LocalIncludes(), problems))
        .orElseGet(SweepFile::none);
  }

  /** Whether points are sampled. Then {@code --seed} is not the knob. */
  public boolean isSampled(SweepFile file) {
    return !samples(file).isEmpty();
  }

  private String samples(SweepFile file) {
    return samples != null ? samples : file.value("samples").orElse("");
  }

  /** The definition, with the values of the file that no option replaces. */
  public SweepDefinition definition(SweepFile file, RunConfig config, Problems problems) {
    String samplesText = samples(file);
    boolean typedStyles = !(styles.isEmpty() && styleSets.isEmpty() && blends.isEmpty());
    List<String> where = new ArrayList<>(file.list("where"));
    where.addAll(conditions);
    boolean ofSamples =
        sampling != null || file.value("sampling").isPresent() || file.value("seed").isPresent();
    if (samplesText.isEmpty() && ofSamples) {
      problems.add(
          "--samples", "", "expected a count with --sampling, or a seed in a file, was none");
    }
    Domain kinds = Domain.choice(Sampling.class);
    String kind =
        sampling != null ? sampling : file.value("sampling").orElse(kinds.text(Sampling.SOBOL));
    String seedText =
        seed != null && !samplesText.isEmpty() ? seed : file.value("seed").orElse("0");
    return new SweepDefinition(
        contents.isEmpty() ? file.texts("content") : typed(contents),
        typedStyles ? typed(styles) : file.texts("style"),
        typedStyles ? typed(styleSets) : file.texts("style_set"),
        typedStyles ? typed(blends) : file.texts("blend"),
        axes(file, config),
        where,
        samplesText.isEmpty()
            ? 0
            : parsed("--samples", COUNT, samplesText, problems, 1L).intValue(),
        parsed("--sampling", kinds, kind, problems, Sampling.SOBOL),
        parsed("--seed", Knob.SEED.domain(), seedText, problems, 0L));
  }

  @SuppressWarnings("unchecked") // the domain gives values of the type of the default
  private static <T> T parsed(
      String option, Domain domain, String text, Problems problems, T otherwise) {
    try {
      return (T) domain.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(option, "", e.getMessage());
      return otherwise;
    }
  }

  private static List<SweepText> typed(List<String> texts) {
    return texts.stream().map(text -> new SweepText(text, UserUri.workingDirectory())).toList();
  }

  /** The axes of the file, without those that options replace, and those of the options. */
  private List<SweepText> axes(SweepFile file, RunConfig config) {
    Map<String, RunConfig.Entry> entries = config.entries();
    List<SweepText> axes = new ArrayList<>();
    for (SweepText axis : file.axes()) {
      String column = column(axis.text());
      boolean typed = entries.containsKey(column) && entries.get(column).source().startsWith("--");
      if (!typed && grid.stream().noneMatch(other -> column(other).equals(column))) {
        axes.add(axis);
      }
    }
    axes.addAll(typed(grid));
    return axes;
  }

  private static String column(String axis) {
    return axis.split("=", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
