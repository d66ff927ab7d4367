package nst.cli;

import nst.cli.terminal.Console;
import nst.model.text.Launcher;
import nst.record.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code completion}: prints a script with which bash and zsh complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script with which bash and zsh complete commands and options. To use it in this shell:",
      "  source <(./submit.sh completion)"
    },
    sortOptions = false)
final class CompletionCommand extends CliCommand {
  @Override
  public Integer call() {
    config();
    String script = AutoComplete.bash(Launcher.name(), configuration.program());
    if (json) {
      console().json(Console.object().put("script", script));
    } else {
      console().say(script);
    }
    return ExitCode.OK.code();
  }
}
