package nst.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import nst.cli.option.ManifestArguments;
import nst.cli.terminal.Console;
import nst.cli.terminal.ProgressLine;
import nst.job.RunOptions;
import nst.job.StyleTransferJob;
import nst.job.executor.Session;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: stylises all rows of a manifest. */
@Command(
    name = "run",
    description =
        "Stylises every row of a manifest, or every photo of a folder. Safe to repeat: finished rows are skipped.",
    sortOptions = false)
public final class RunCommand extends CliCommand {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** What to do when a run could not continue. */
  static final String CONTINUE = "Finished rows are kept: run the same command again to continue.";

  /** The interval of {@code --watch}. */
  private static final long WATCH_SECONDS = 60;

  @Mixin ManifestArguments rows;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "output folder for images and tables; runs may share it")
  String output;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description =
          "name of the run; with the same name it continues (default: the time and a random suffix)")
  String runId = newId();

  @Option(
      names = "--run-date",
      paramLabel = "YYYY-MM-DD",
      description = "date of the run, in UTC (default: today)")
  String runDate = LocalDate.now(ZoneOffset.UTC).toString();

  @Option(names = "--watch", description = "write the page every minute during the run")
  boolean watch;

  /** The current time and a random suffix. */
  static String newId() {
    return ID_TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 4);
  }

  @Override
  String afterFailure() {
    return CONTINUE;
  }

  @Override
  RunConfig config() {
    RunConfig config = super.config();
    return watch && !config.isWatched()
        ? config.with(Setting.REPORT_WATCH_SECONDS, WATCH_SECONDS, "--watch")
        : config;
  }

  @Override
  public Integer call() {
    RunConfig config = config();
    RunOptions options =
        new RunOptions(
            rows.source(),
            UserUri.absolute("--output", output),
            checkedRunId(runId),
            checkedRunDate(runDate),
            config);
    return onDevices(
        "run " + options.runId(), config, session -> run(session, options, console(), json));
  }

  /** Runs a job, shows its result and returns the exit code. */
  static int run(Session session, RunOptions options, Console console, boolean json) {
    return summary(session, options, console, json).exitCode();
  }

  /** Runs a job, shows its result and returns it. */
  static RunSummary summary(Session session, RunOptions options, Console console, boolean json) {
    RunSummary summary = new StyleTransferJob(session, options, new RunConsole(console)).run();
    show(summary, console, json);
    return summary;
  }

  static String checkedRunId(String runId) {
    if (!runId.matches(RunOptions.RUN_ID_PATTERN)) {
      throw new InvalidInputException(
          "--run-id", "", "expected at most 128 letters, digits, '.', '_' or '-', was " + runId);
    }
    return runId;
  }

  static LocalDate checkedRunDate(String runDate) {
    try {
      return LocalDate.parse(runDate);
    } catch (DateTimeParseException e) {
      throw new InvalidInputException("--run-date", "", "expected YYYY-MM-DD, was " + runDate);
    }
  }

  private static void show(RunSummary summary, Console console, boolean json) {
    if (json) {
      console.json(summary.json());
    }
    Map<String, String> table = new LinkedHashMap<>();
    table.put("run", summary.runId() + " of " + summary.runDate());
    table.put("rows", Long.toString(summary.rows().total()));
    table.put("  ok", Long.toString(summary.rows().ok()));
    table.put("  failed", Long.toString(summary.rows().failed()) + failures(summary));
    summary
        .firstFailures()
        .forEach(row -> table.put("    " + row.id(), row.code() + ": " + row.message()));
    table.put("  skipped", summary.rows().skipped() + " (done before)");
    table.put("  duplicate", Long.toString(summary.rows().duplicate()));
    if (summary.imagesPerHour() > 0) {
      table.put("images/h", String.format(Locale.ROOT, "%,.0f", summary.imagesPerHour()));
    }
    table.put("time", ProgressLine.duration(summary.wallSeconds()));
    table.put(
        "network",
        summary.networks().stream()
            .map(RunSummary.Network::name)
            .collect(Collectors.joining(", ")));
    summary.networks().stream()
        .map(RunSummary.Network::warning)
        .filter(warning -> !warning.isEmpty())
        .distinct()
        .forEach(warning -> table.merge("warning", warning, (a, b) -> a + " " + b));
    OutputLayout layout = new OutputLayout(summary.output(), summary.runDate(), summary.runId());
    table.put("images", Uris.display(OutputLayout.images(summary.output())));
    table.put(
        "page",
        summary.pageFault().isEmpty()
            ? Uris.display(layout.page())
            : "none: "
                + summary.pageFault()
                + ". To create it, run: report --output "
                + Uris.display(summary.output())
                + " --run-id "
                + summary.runId());
    console.say(table);
  }

  private static String failures(RunSummary summary) {
    return summary.failures().isEmpty() ? "" : " " + summary.failures();
  }
}
