package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AfterFailureTest {

  /** Only runs have rows to keep. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run m.csv --output o | Finished rows are kept",
        "sweep --output o --run | Finished rows are kept",
        "sweep --output o | Then run the same command again",
        "sweep --output o --run --dry-run | Then run the same command again",
        "stylize p.jpg --style s.jpg | Images that were written are kept",
        "train --style s.jpg --photos p --output o | continue from the last checkpoint",
        "report --output o | Then run the same command again",
      })
  void saysWhatIsTrueForTheCommand(String line, String advice) {
    CliCommand command =
        (CliCommand)
            Main.commandLine().parseArgs(line.split(" ")).subcommand().commandSpec().userObject();

    assertThat(command.afterFailure()).contains(advice);
  }
}
