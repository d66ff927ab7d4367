package nst.cli;

import java.util.Optional;
import nst.cli.terminal.Console;
import nst.job.RunReader;
import nst.job.page.ReportPage;
import nst.model.RunConfig;
import nst.record.ExitCode;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: rebuilds the report page from the tables. */
@Command(
    name = "report",
    description = "Rebuilds the report page of a finished run from its tables.",
    sortOptions = false)
final class ReportCommand extends CliCommand {
  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "the output folder")
  String output;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "the run to report on (default: the latest)")
  Optional<String> runId = Optional.empty();

  @Override
  public Integer call() {
    RunConfig config = config();
    String folder = UserUri.absolute("--output", output);
    String page =
        inSpark(
            "report",
            session -> {
              RunReader reader = new RunReader(session, folder);
              RunSummary run = reader.run(runId);
              new ReportPage(session.store(), session::store, config).write(run, reader.rows(run));
              return new OutputLayout(run.output(), run.runDate(), run.runId()).page();
            });
    if (json) {
      console().json(Console.object().put("page", page));
    }
    console().say(Uris.display(page));
    return ExitCode.OK.code();
  }
}
