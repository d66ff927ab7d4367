package nst.cli;

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
  /** The file name of the command that users type. */
  private static final String TYPED = "submit.sh";

  @Override
  public Integer call() {
    config();
    String script = AutoComplete.bash(TYPED, configuration.program());
    if (json) {
      console().json(Console.object().put("script", script));
    } else {
      console().say(script);
    }
    return ExitCode.OK.code();
  }
}
