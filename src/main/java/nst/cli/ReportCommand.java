package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import nst.cli.option.PickOptions;
import nst.cli.option.PickedRows;
import nst.cli.terminal.Console;
import nst.job.RunReader;
import nst.job.executor.Session;
import nst.model.RunConfig;
import nst.record.ExitCode;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin PickOptions picks;

  @Override
  public Integer call() {
    RunConfig config = config();
    String folder = UserUri.absolute("--output", output);
    return inSpark("report", session -> report(session, folder, config));
  }

  private int report(Session session, String folder, RunConfig config) {
    RunReader reader = new RunReader(session, folder);
    RunSummary run = reader.run(runId);
    PickedRows answer = picks.answer(session, reader, run, config);
    String page = new OutputLayout(run.output(), run.runDate(), run.runId()).page();
    if (json) {
      ObjectNode node = Console.object().put("page", page);
      answer.addTo(node);
      console().json(node);
    }
    answer.say(console());
    console().say(Uris.display(page));
    return ExitCode.OK.code();
  }
}
