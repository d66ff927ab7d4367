package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import nst.model.Knob;
import nst.model.Setting;
import nst.record.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final CommandLine main =
      Main.commandLine().setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "validate",
        "sweep",
        "train",
        "verify",
        "report",
        "doctor",
        "presets"
      })
  void everyCommandHasHelpJsonAndConfiguration(String command) {
    assertThat(main.execute(command, "--help")).isZero();
    assertThat(out.toString())
        .contains("--json", "--config=FILE", "--set=KEY=VALUE", "--content-weight");
  }

  @Test
  void everyKnobAndSettingHasAFlag() {
    var flags = main.getSubcommands().get("run").getCommandSpec().optionsMap().keySet();
    for (Knob knob : Knob.values()) {
      assertThat(flags).contains(knob.flag());
    }
    for (Setting setting : Setting.values()) {
      assertThat(flags).contains(setting.flag());
    }
  }

  @Test
  void aMistypedFlagIsRefusedWithTheNearestOne() {
    assertThat(main.execute("run", "m.parquet", "--output", "o", "--content-wieght", "1"))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("--content-wieght").contains("--content-weight");
  }

  @Test
  void noCommandIsRefused() {
    assertThat(main.execute()).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("expected a command");
  }

  @Test
  void theHelpTellsTheExitCodes() {
    assertThat(main.execute("--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("3 finished, but more rows failed than allowed")
        .contains("143 ended by SIGTERM");
  }
}
