package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nst.model.Knob;
import nst.model.Setting;
import nst.record.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final CommandLine main =
      Main.commandLine().setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));

  /** The most lines of the help of a command, without {@code --help-all}. */
  private static final int HELP_LINES = 40;

  private static Stream<String> commands() {
    return Main.commandLine().getSubcommands().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfACommandIsShort(String command) {
    assertThat(main.execute(command, "--help")).isZero();
    assertThat(out.toString()).contains("--json", "--config=FILE", "--set=KEY=VALUE", "--help-all");
    assertThat(out.toString().lines().count()).isLessThanOrEqualTo(HELP_LINES);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theWholeHelpOfACommandHasItsKnobsAndSettings(String command) {
    assertThat(main.execute(command, "--help-all")).isZero();
    assertThat(out.toString()).contains("--content-layers", "--weights-path", "--json");
    assertThat(out.toString().contains("--line-search")).isEqualTo(!command.equals("train"));
  }

  @Test
  void onlyTheCommandThatTheArgumentsNameHasTheFlagsOfKnobs() {
    Map<String, CommandLine> commands =
        Main.commandLineFor("run", "m.parquet", "--image-size", "64").getSubcommands();
    assertThat(commands).containsOnlyKeys(main.getSubcommands().keySet());
    commands.forEach(
        (name, command) ->
            assertThat(command.getCommandSpec().optionsMap().containsKey("--weights"))
                .as(name)
                .isEqualTo(name.equals("run")));
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

  /** Each command line with its errors, in order. */
  private static Stream<Arguments> errors() {
    return Stream.of(
        Arguments.of(
            "run m.parquet --output o --content-wieght 1",
            List.of("Unknown option `--content-wieght`. Did you mean `--content-weight`?")),
        Arguments.of(
            "run --content-wieght=1",
            List.of(
                "Unknown option `--content-wieght`. Did you mean `--content-weight`?",
                "--output: expected URI, was missing",
                "MANIFEST: was missing")),
        Arguments.of(
            "run m.parquet --quux --image-size 1 --set nonsense --content-weight x",
            List.of(
                "Unknown option `--quux`. `nst run --help-all` lists the options.",
                "--set: nonsense: expected key=value",
                "content_weight: expected a number",
                "image_size: expected a whole number",
                "--output: expected URI")),
        Arguments.of(
            "run a.parquet b.parquet --output o",
            List.of("Unexpected argument `b.parquet`. `run` expects only MANIFEST and options.")),
        Arguments.of(
            "presets gatis --json x",
            List.of("Unexpected argument `x`. `presets` expects only NAME and options.")),
        Arguments.of("runn m.parquet", List.of("Unknown command `runn`. Did you mean `run`?")),
        Arguments.of(
            "frobnicate", List.of("Unknown command `frobnicate`. The commands are stylize,")),
        Arguments.of(
            "pom.xml", List.of("Unknown command `pom.xml`. It is a file; a command comes")),
        Arguments.of("--json-x", List.of("Unknown option `--json-x`.")));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void allErrorsOfACommandLineAreReportedWithUnknownNamesFirst(String line, List<String> errors) {
    InProcess.Outcome outcome = InProcess.run(line.split(" +"));
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err()).containsSubsequence(errors);
    String count = errors.size() == 1 ? "1 problem:" : errors.size() + " problems:";
    assertThat(outcome.err()).startsWith(count);
  }

  @Test
  void errorsOfACommandLineAreAlsoJson() throws IOException {
    InProcess.Outcome outcome = InProcess.run("run", "--content-wieght=1", "--json");
    assertThat(new ObjectMapper().readTree(outcome.out()).get("problems"))
        .extracting(problem -> problem.get("column").asText())
        .containsExactly("", "--output", "MANIFEST");
  }

  @Test
  void presetsPrintsTheOneThatIsNamed() {
    assertThat(InProcess.run("presets", "gatys").out())
        .startsWith("gatys: ")
        .doesNotContain("keras");
    InProcess.Outcome mistyped = InProcess.run("presets", "gatis");
    assertThat(mistyped.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(mistyped.err()).contains("Unknown preset `gatis`. Did you mean `gatys`?");
  }

  /** Runs the script in bash, as its completion does when a user presses the tab key. */
  @Test
  void bashCompletesCommandsOptionsAndKnobs(@TempDir Path folder) throws Exception {
    Path script =
        Files.writeString(folder.resolve("completion"), InProcess.run("completion").out());
    assertThat(completed(script, "submit.sh", "ru")).contains("run");
    assertThat(completed(script, "submit.sh", "run", "--content-w")).contains("--content-weight");
  }

  private static String completed(Path script, String... words) throws Exception {
    String program =
        "source "
            + script
            + "; COMP_WORDS=("
            + String.join(" ", words)
            + "); COMP_CWORD="
            + (words.length - 1)
            + "; $(complete -p submit.sh | sed 's/.*-F \\([^ ]*\\).*/\\1/'); echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(out).isZero();
    return out;
  }

  @Test
  void noCommandIsRefused() {
    InProcess.Outcome outcome = InProcess.run();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err()).contains("expected a command");
  }

  @Test
  void theHelpListsTheExitCodes() {
    assertThat(main.execute("--help")).isZero();
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("3 finished, but more rows failed than allowed")
        .contains("143 ended by SIGTERM");
  }
}
