package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import nst.cli.config.LocalIncludes;
import nst.cli.sweep.HalvingPlan;
import nst.cli.sweep.HalvingRun;
import nst.cli.sweep.RunLine;
import nst.cli.sweep.SweepFile;
import nst.cli.terminal.Console;
import nst.job.Forecast;
import nst.job.RunOptions;
import nst.job.executor.Session;
import nst.job.halving.Halving;
import nst.job.halving.HalvingRule;
import nst.job.source.ManifestSource;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepMaker;
import nst.job.sweep.SweepPoints.Sampling;
import nst.job.sweep.SweepTable;
import nst.job.sweep.SweepText;
import nst.model.Domain;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExitCode;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sweep}: makes the manifest of a parameter sweep, and runs it if asked. */
@Command(
    name = "sweep",
    description =
        "Makes the manifest of a parameter sweep: one row for each content, style and point. Says how many rows it has and"
            + " what they would cost. Options of knobs are set in every row.",
    sortOptions = false)
final class SweepCommand extends CliCommand {
  private static final Domain COUNT = Domain.whole(1, 1_000_000);
  private static final String CONFIGURATION_RULES = "configuration";

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
      description = "paintings, folders or bucket prefixes; each gives rows")
  List<String> styles = new ArrayList<>();

  @Option(
      names = "--style-set",
      paramLabel = "A:B[=3:1]",
      description = "paintings that are blended in one row, and their weights")
  List<String> styleSets = new ArrayList<>();

  @Option(
      names = "--blend",
      paramLabel = "A:B=SHARES",
      description = "a row for each share of B, for example a.jpg:b.jpg=0,0.5,1")
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
      description = "with --samples: the seed of the points; otherwise the knob")
  String seed;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description = "keep only rows that meet this condition in Spark SQL")
  List<String> conditions = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description =
          "the Parquet table to write, which must not exist; with --run, the output folder of the run")
  String output;

  @Option(names = "--run", description = "run the sweep at once")
  boolean run;

  @Option(names = "--dry-run", description = "with --run: write the manifest and the forecast only")
  boolean dryRun;

  @Option(names = "--run-id", paramLabel = "ID", description = "with --run: as in run")
  String runId;

  @Option(names = "--run-date", paramLabel = "DATE", description = "with --run: as in run")
  String runDate;

  @Option(names = "--halving", description = "with --run: successive halving of the points")
  boolean halving;

  @Option(
      names = "--halving-rule",
      paramLabel = "RULE",
      description = "what is best: sum (default), a term or a formula")
  Optional<String> halvingRule = Optional.empty();

  /** Where a sweep goes: its manifest, and the output of its run. */
  private record Target(String manifest, String output) {}

  /** What the options and the file ask for. */
  record Asked(RunConfig config, SweepDefinition definition) {}

  /** Without knobs, which the options of a sweep set too. */
  @Override
  Set<String> frequent() {
    return Set.of(RunConfig.PRESET, Setting.DEVICE.key());
  }

  @Override
  public Integer call() {
    Problems problems = new Problems();
    Asked asked = asked(problems);
    checkRunOptions(problems);
    SparkWork<Integer> work = session -> work(session, asked, problems);
    return run && !dryRun && problems.isEmpty()
        ? onDevices("sweep", asked.config(), work)
        : inSpark("sweep", work);
  }

  /** Reads the options and the file. */
  Asked asked(Problems problems) {
    SweepFile file =
        definition
            .map(path -> SweepFile.read(path, new LocalIncludes(), problems))
            .orElseGet(SweepFile::none);
    String samplesText = samples != null ? samples : file.value("samples").orElse("");
    boolean sampled = !samplesText.isEmpty();
    RunConfig config = config(sampled, problems);
    return new Asked(config, definition(file, samplesText, config, problems));
  }

  /** Makes the rows; empty if there is a fault. */
  static Optional<Sweep> make(Session session, Asked asked, Problems problems) {
    return new SweepMaker(session, asked.config(), problems).make(asked.definition());
  }

  /**
   * Resolves the configuration. Rules between knobs are checked for each row instead, because an
   * axis may change one of them.
   */
  private RunConfig config(boolean sampled, Problems problems) {
    Problems all = new Problems();
    RunConfig config = configuration.resolve(all, knob -> !(sampled && knob == Knob.SEED));
    all.list().stream()
        .filter(problem -> !problem.where().equals(CONFIGURATION_RULES))
        .forEach(problem -> problems.add(problem.where(), problem.column(), problem.message()));
    return config;
  }

  private SweepDefinition definition(
      SweepFile file, String samplesText, RunConfig config, Problems problems) {
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

  private void checkRunOptions(Problems problems) {
    if (!run && (dryRun || runId != null || runDate != null)) {
      problems.add("--run", "", "expected --run with --dry-run, --run-id and --run-date");
    }
    if (!run && halving) {
      problems.add("--run", "", "expected --run with --halving");
    }
    if (!halving && halvingRule.isPresent()) {
      problems.add("--halving", "", "expected --halving with --halving-rule");
    }
    runId = runId == null ? RunCommand.newId() : runId;
    runDate = runDate == null ? LocalDate.now(ZoneOffset.UTC).toString() : runDate;
    String longest = halving ? HalvingRun.runId(runId, 1) : runId;
    collect(problems, () -> RunCommand.checkedRunId(longest));
    collect(problems, () -> RunCommand.checkedRunDate(runDate));
  }

  private static <T> Optional<T> collect(Problems problems, Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (InvalidInputException e) {
      e.problems().forEach(fault -> problems.add(fault.where(), fault.column(), fault.message()));
      return Optional.empty();
    }
  }

  private int work(Session session, Asked asked, Problems problems) {
    RunConfig config = asked.config();
    Optional<String> place = collect(problems, () -> UserUri.absolute("--output", output));
    if (run) {
      place.ifPresent(
          uri ->
              collect(
                  problems,
                  () -> {
                    session.requireStorage("--output", uri);
                    return uri;
                  }));
    } else {
      place.ifPresent(uri -> SweepTable.requireAbsent(session, uri, problems));
    }
    Optional<Sweep> made = make(session, asked, problems);
    String rule = halvingRule.orElse(HalvingRule.SUM);
    Optional<Halving> halved =
        made.filter(sweep -> halving)
            .flatMap(sweep -> Halving.of(session, sweep, rule, config, problems));
    problems.throwIfAny();
    Sweep sweep = made.orElseThrow();
    if (halved.isPresent()) {
      String manifests = OutputLayout.sweeps(place.get()) + "/any.parquet";
      List<String> needed = RunLine.refused(manifests, sweep.folders(), config);
      return halve(session, halved.get(), place.get(), config.allowing(needed));
    }
    SweepTable table = new SweepTable(sweep);
    Target target =
        run
            ? new Target(table.placeIn(place.get()), place.get())
            : new Target(place.get(), Uris.folder(place.get()) + "/out");
    table.write(session, target.manifest());
    List<String> needed = RunLine.refused(target.manifest(), sweep.folders(), config);
    RunConfig allowed = needed.isEmpty() ? config : config.allowing(needed);
    Forecast forecast =
        Forecast.of(session, ManifestSource.table(target.manifest()), target.output(), allowed);
    String line =
        RunLine.of(target.manifest(), target.output(), config, needed, configuration.file());
    show(sweep, forecast, target, line);
    return run && !dryRun
        ? RunCommand.run(
            session, options(target.manifest(), target.output(), runId, allowed), console(), json)
        : ExitCode.OK.code();
  }

  private int halve(Session session, Halving halved, String folder, RunConfig config) {
    HalvingPlan plan = HalvingPlan.of(session, halved, folder, config);
    console().say(plan.lines());
    HalvingRun rungs =
        new HalvingRun(
            halved,
            runId,
            (manifest, id) ->
                RunCommand.summary(
                    session, options(manifest, folder, id, config), console(), false),
            console()::say);
    ObjectNode node = Console.object();
    if (dryRun) {
      plan.addTo(node);
      node.set("grid", PlanCommand.object(plan.grid()));
    } else {
      halved.run(folder, rungs);
      rungs.addTo(node);
    }
    if (json) {
      console().json(node);
    }
    return rungs.exitCode();
  }

  private RunOptions options(String manifest, String folder, String id, RunConfig config) {
    return new RunOptions(manifest, folder, id, RunCommand.checkedRunDate(runDate), config);
  }

  private void show(Sweep sweep, Forecast forecast, Target target, String line) {
    boolean runsNow = run && !dryRun;
    if (json && !runsNow) {
      ObjectNode node = PlanCommand.object(forecast);
      node.put("points", sweep.points());
      node.put("manifest", target.manifest());
      node.put("command", line);
      console().json(node);
    }
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("rows", Integer.toString(sweep.rows().size()));
    lines.put("points", Integer.toString(sweep.points()));
    lines.putAll(PlanCommand.lines(forecast));
    lines.put("manifest", Uris.display(target.manifest()));
    console().say(lines);
    if (!runsNow) {
      console().say("To run it: " + line);
    }
  }
}
