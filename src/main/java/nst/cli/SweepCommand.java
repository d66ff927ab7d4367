package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import nst.cli.option.PickOptions;
import nst.cli.option.PickedRows;
import nst.cli.sweep.HalvingPlan;
import nst.cli.sweep.HalvingRun;
import nst.cli.sweep.RunLine;
import nst.cli.sweep.SweepArguments;
import nst.cli.sweep.SweepFile;
import nst.cli.terminal.Console;
import nst.job.Forecast;
import nst.job.RunOptions;
import nst.job.RunReader;
import nst.job.executor.Session;
import nst.job.halving.Halving;
import nst.job.halving.HalvingRule;
import nst.job.page.RowPick;
import nst.job.source.ManifestSource;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepDefinition;
import nst.job.sweep.SweepMaker;
import nst.job.sweep.SweepTable;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExitCode;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sweep}: makes the manifest of a parameter sweep, and runs it if asked. */
@Command(
    name = "sweep",
    description =
        "Makes the manifest of a parameter sweep: one row for each content, style and point. Says how many rows it has and"
            + " what they would cost. Options of knobs are set in every row.",
    sortOptions = false)
final class SweepCommand extends CliCommand {
  private static final String CONFIGURATION_RULES = "configuration";

  @Mixin SweepArguments arguments;

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

  @Mixin PickOptions picks;

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
    SweepFile file = arguments.file(problems);
    RunConfig config = config(arguments.isSampled(file), problems);
    return new Asked(config, arguments.definition(file, config, problems));
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

  private void checkRunOptions(Problems problems) {
    if (!run && (dryRun || runId != null || runDate != null)) {
      problems.add("--run", "", "expected --run with --dry-run, --run-id and --run-date");
    }
    if (!run && halving) {
      problems.add("--run", "", "expected --run with --halving");
    }
    if (picks.areGiven() && (!run || dryRun || halving)) {
      problems.add("--run", "", "expected a run of all rows with --pick and --suggest");
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

  private static void attempt(Problems problems, Runnable work) {
    Optional<Boolean> unused =
        collect(
            problems,
            () -> {
              work.run();
              return true;
            });
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
      place.ifPresent(uri -> attempt(problems, () -> session.requireStorage("--output", uri)));
    } else {
      place.ifPresent(uri -> SweepTable.requireAbsent(session, uri, problems));
    }
    Optional<Sweep> made = make(session, asked, problems);
    String rule = halvingRule.orElse(HalvingRule.SUM);
    Optional<Halving> halved =
        made.filter(sweep -> halving)
            .flatMap(sweep -> Halving.of(session, sweep, rule, config, problems));
    Optional<SweepTable> planned = made.map(SweepTable::new);
    planned.ifPresent( // a wrong expression must not be found when all rows are computed
        table ->
            picks
                .pick()
                .ifPresent(
                    text ->
                        attempt(
                            problems, () -> RowPick.check(session.spark(), text, table.own()))));
    problems.throwIfAny();
    Sweep sweep = made.orElseThrow();
    if (halved.isPresent()) {
      String manifests = OutputLayout.sweeps(place.get()) + "/any.parquet";
      List<String> needed = RunLine.refused(manifests, sweep.folders(), config);
      return halve(session, halved.get(), place.get(), config.allowing(needed));
    }
    SweepTable table = planned.orElseThrow();
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
        ? runNow(session, options(target.manifest(), target.output(), runId, allowed))
        : ExitCode.OK.code();
  }

  private int runNow(Session session, RunOptions options) {
    if (!picks.areGiven()) {
      return RunCommand.run(session, options, console(), json);
    }
    RunSummary summary = RunCommand.summary(session, options, console(), false);
    RunReader reader = new RunReader(session, options.output());
    PickedRows answer = picks.answer(session, reader, summary, options.config());
    if (json) {
      ObjectNode node = Console.object(summary.json());
      answer.addTo(node);
      console().json(node);
    }
    answer.say(console());
    return summary.exitCode();
  }

  @Override
  String afterFailure() {
    return run && !dryRun ? RunCommand.CONTINUE : super.afterFailure();
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
