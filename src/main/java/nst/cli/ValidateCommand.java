package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import nst.cli.option.ManifestArguments;
import nst.cli.terminal.Console;
import nst.job.ManifestCheck;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.record.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code validate}: lists every fault of the manifest and the configuration. */
@Command(
    name = "validate",
    description =
        "Lists every error of the manifest and the configuration. Uses no device, reads no image.",
    sortOptions = false)
final class ValidateCommand extends CliCommand {
  @Mixin ManifestArguments rows;

  @Override
  public Integer call() {
    Problems configuration = new Problems();
    RunConfig config = this.configuration.resolve(configuration);
    List<Problem> problems = new ArrayList<>(configuration.list());
    try {
      problems.addAll(
          inSpark("validate", session -> ManifestCheck.rows(session, rows.source(), config)));
    } catch (InvalidInputException e) {
      problems.addAll(e.problems());
    }
    if (problems.isEmpty()) {
      if (json) {
        ObjectNode node = Console.object();
        Console.addProblems(node, problems);
        console().json(node);
      }
      console().say("No problems found.");
      return ExitCode.OK.code();
    }
    console().problems(problems);
    return ExitCode.INVALID.code();
  }
}
