package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.Documentation;
import nst.ReferenceTables;
import nst.cli.config.ConfigResolver;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Compares the documentation with the commands, options, keys and codes of the program. */
class DocumentationTest {
  private static final String README = "README.md";
  private static final String MANIFEST = "docs/manifest.md";
  private static final String OPERATIONS = "docs/operations.md";
  private static final String DESIGN = "docs/design.md";
  private static final String CONFIGURATION = "conf/nst.conf";
  private static final int SIGTERM = 143;

  @TempDir Path folder;

  @Test
  void everyCommandIsInTheReadme() {
    assertThat(Documentation.names(commandRows()).stream().map(DocumentationTest::firstWord))
        .as("commands in the table of README.md")
        .containsExactlyElementsOf(Main.commandLine().getSubcommands().keySet());
  }

  @Test
  void everyOptionOfACommandIsInItsRow() {
    Map<String, List<String>> documented = new LinkedHashMap<>();
    commandRows()
        .forEach(
            row ->
                documented.put(
                    firstWord(Documentation.code(row.get(0)).get(0)),
                    Documentation.code(row.get(2))));
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(documented.get(name))
                    .as("the options of %s in README.md", name)
                    .containsExactlyInAnyOrderElementsOf(ownOptions(command)));
  }

  @Test
  void everyArgumentOfACommandIsInItsRow() {
    List<String> documented = Documentation.names(commandRows());
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) -> {
              String arguments =
                  command.getCommandSpec().positionalParameters().stream()
                      .map(argument -> " " + argument.paramLabel())
                      .collect(Collectors.joining());
              assertThat(documented).as("README.md").contains(name + arguments);
            });
  }

  @Test
  void whatEveryCommandTakesIsInTheReadme() {
    String commands = Documentation.section(README, "## Commands");
    for (String option : List.of("--config", "--set", "--json", "--help", "--help-all")) {
      assertThat(Main.commandLine().getSubcommands().values())
          .allMatch(command -> command.getCommandSpec().findOption(option) != null);
      assertThat(commands).contains("`" + option);
    }
  }

  /** Checks the package of every class that docs/design.md names. */
  @Test
  void theFilesThatTheDesignNamesExist() {
    List<String> named =
        Documentation.rows(Documentation.section(DESIGN, "### Where to look")).stream()
            .map(row -> row.get(1))
            .flatMap(cell -> Pattern.compile("`([\\w./]+)`").matcher(cell).results())
            .map(found -> found.group(1))
            .toList();
    assertThat(named).hasSizeGreaterThan(9);
    assertThat(named)
        .allSatisfy(
            file -> assertThat(Path.of("src/main/java/nst", file + ".java")).isRegularFile());
  }

  @Test
  void everyExitCodeIsInTheReadmeAndTheRunbook() {
    Set<String> codes = new TreeSet<>();
    for (ExitCode code : ExitCode.values()) {
      codes.add(Integer.toString(code.code()));
    }
    codes.add(Integer.toString(SIGTERM)); // variables of the JVM
    assertThat(exitCodes(Documentation.section(README, "## Commands")))
        .as("exit codes in README.md")
        .isEqualTo(codes);
    assertThat(exitCodes(Documentation.section(OPERATIONS, "## Exit codes")))
        .as("exit codes in %s", OPERATIONS)
        .isEqualTo(codes);
  }

  @Test
  void everyErrorCodeIsInTheRunbook() {
    List<List<String>> rows =
        Documentation.rows(Documentation.section(OPERATIONS, "## Error codes"));
    List<List<String>> expected =
        Arrays.stream(ErrorCode.values())
            .map(
                code ->
                    List.of(
                        "`" + code.name() + "`",
                        code.meaning(),
                        code.isUsersToFix() ? "user" : "system",
                        code.isRetryable() ? "yes" : "no"))
            .toList();
    assertThat(rows.stream().map(row -> row.subList(0, 4)))
        .as("error codes in %s", OPERATIONS)
        .containsExactlyElementsOf(expected);
    assertThat(rows).as("each says what to do").allMatch(row -> !row.get(4).isEmpty());
  }

  @Test
  void everyPresetIsInTheReadme() {
    assertThat(Documentation.made(README, "presets"))
        .as(copyThis("the presets of README.md"))
        .isEqualTo(ReferenceTables.presets());
    assertThat(Documentation.section(MANIFEST, "## Columns for the images"))
        .as("the column preset in %s", MANIFEST)
        .contains(Preset.labels().stream().map(label -> "`" + label + "`").toList());
  }

  @Test
  void everyKnobIsInTheManifestsPage() {
    assertThat(Documentation.made(MANIFEST, "knobs"))
        .as(copyThis("the knobs of " + MANIFEST))
        .isEqualTo(ReferenceTables.knobs());
  }

  @Test
  void everySettingIsInTheOperationsPage() {
    assertThat(Documentation.made(OPERATIONS, "settings"))
        .as(copyThis("the settings of " + OPERATIONS))
        .isEqualTo(ReferenceTables.settings());
  }

  @Test
  void theConfigurationFileIsWhatTheCodeSays() {
    assertThat(Documentation.text(CONFIGURATION))
        .as(copyThis("all of " + CONFIGURATION))
        .isEqualTo(ReferenceTables.configuration());
  }

  @Test
  void theConfigurationFileChangesNothingAsItIs() {
    assertThat(resolved(Path.of(CONFIGURATION)).entries().values())
        .as("values that the file sets")
        .noneMatch(entry -> entry.source().equals(CONFIGURATION));
  }

  @Test
  void theConfigurationFileHasEveryKeyWithItsDefault() throws IOException {
    Path uncommented = folder.resolve("nst.conf");
    Files.writeString(
        uncommented,
        Documentation.text(CONFIGURATION)
            .lines()
            .collect(Collectors.joining("\n"))
            .replaceAll("(?m)^#(?=[a-z0-9_.]+ = )", ""));
    Map<String, RunConfig.Entry> written = resolved(uncommented).entries();
    Map<String, RunConfig.Entry> defaults = resolved(Path.of(CONFIGURATION)).entries();

    assertThat(written.keySet()).containsExactlyInAnyOrderElementsOf(RunConfig.keys());
    written.forEach(
        (key, entry) -> {
          assertThat(entry.source()).as("%s in the file", key).isEqualTo(uncommented.toString());
          assertThat(entry.value()).as("%s", key).isEqualTo(defaults.get(key).value());
        });
  }

  @Test
  void theTestCommandOfTheReadmeIsWhatTheBuildServerRuns() {
    assertThat(mavenCommands(Documentation.text(".ci/run")))
        .as("Maven commands in .ci/run")
        .isEqualTo(Set.of("mvn verify"));
    assertThat(mavenCommands(shellBlocks(Documentation.text(README))))
        .as("Maven commands in README.md")
        .isEqualTo(Set.of("mvn verify"));
    assertThat(mavenCommands(shellBlocks(Documentation.text("CONTRIBUTING.md"))))
        .as("Maven commands in CONTRIBUTING.md")
        .isEqualTo(Set.of("mvn verify"));
  }

  @Test
  void theCommandsOfThePagesAreCommandsOfTheProgram() {
    CommandLine program = Main.commandLine();
    for (String page : Documentation.pages()) {
      for (String line : joined(shellBlocks(Documentation.text(page)))) {
        // The launcher's own command, which starts no JVM; .ci/cuda.sh runs it.
        boolean launchers = line.equals("./submit.sh libtorch cuda");
        if (line.startsWith("./submit.sh ") && !launchers) {
          requireKnown(page, line, program);
        }
      }
    }
  }

  @Test
  void everyLinkLeadsToAFile() {
    Set<String> dead = new LinkedHashSet<>();
    for (String page : Documentation.pages()) {
      Documentation.links(page).stream()
          .filter(target -> !Files.exists(target))
          .forEach(target -> dead.add(page + " -> " + target));
    }
    assertThat(dead).as("links to files that are not there").isEmpty();
  }

  @Test
  void noPageWaitsToBeWritten() {
    assertThat(Documentation.pages())
        .allSatisfy(
            page -> assertThat(Documentation.text(page)).as("%s", page).doesNotContain("TODO"));
  }

  /** Returns the command and the long options of a command line in the documentation. */
  private static void requireKnown(String page, String line, CommandLine program) {
    String own = line.contains(" -- ") ? line.substring(line.indexOf(" -- ") + 4) : line;
    List<String> words =
        Stream.of(own.replace("./submit.sh ", "").strip().split("\\s+", -1)).toList();
    CommandLine command = program.getSubcommands().get(words.get(0));
    assertThat(command).as("%s: the command of %s", page, line).isNotNull();
    words.stream()
        .filter(word -> word.startsWith("--"))
        .forEach(
            option ->
                assertThat(command.getCommandSpec().findOption(option))
                    .as("%s: %s of %s", page, option, line)
                    .isNotNull());
  }

  private static List<List<String>> commandRows() {
    return Documentation.rows(Documentation.section(README, "## Commands")).stream()
        .filter(row -> row.size() == 3)
        .toList();
  }

  private static Set<String> exitCodes(String section) {
    return Documentation.rows(section).stream()
        .map(row -> row.get(0))
        .filter(cell -> cell.matches("\\d+"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the options of a command that are neither common options nor configuration keys. */
  private static List<String> ownOptions(CommandLine command) {
    Set<String> shared =
        new TreeSet<>(
            List.of(
                "--config",
                "--set",
                "--json",
                "--help",
                "--help-all",
                "--weights",
                "--" + RunConfig.PRESET));
    Arrays.stream(Knob.values()).map(Knob::flag).forEach(shared::add);
    Arrays.stream(Setting.values()).map(Setting::flag).forEach(shared::add);
    return command.getCommandSpec().options().stream()
        .map(OptionSpec::longestName)
        .filter(option -> !shared.contains(option))
        .toList();
  }

  private static RunConfig resolved(Path file) {
    Problems problems = new Problems();
    RunConfig config =
        ConfigResolver.resolve(Optional.of(file), Map.of(), List.of(), Map.of(), problems);
    assertThat(problems.list()).as("problems of %s", file).isEmpty();
    return config;
  }

  /** Returns {@code mvn verify} for each call of Maven with a goal, without its options. */
  private static Set<String> mavenCommands(String script) {
    return script
        .lines()
        .filter(line -> !line.strip().startsWith("#"))
        .filter(line -> line.matches("(.*[\\s;&(\"'])?mvn\\s.*"))
        .map(line -> line.substring(line.lastIndexOf("mvn ")).replaceFirst("[|;&>].*$", ""))
        .map(
            line ->
                Stream.of(line.split("[\\s\"')]+", -1))
                    .filter(word -> word.matches("[a-z][a-z:-]*"))
                    .collect(Collectors.joining(" ")))
        .filter(command -> command.contains(" "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String shellBlocks(String page) {
    StringBuilder blocks = new StringBuilder();
    boolean inside = false;
    for (String line : page.lines().toList()) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
      } else if (inside) {
        blocks.append(line).append('\n');
      }
    }
    return blocks.toString();
  }

  /** Joins lines that end with a backslash to the next line. */
  private static List<String> joined(String script) {
    return new ArrayList<>(script.replaceAll("\\\\\\n\\s*", "").lines().toList());
  }

  private static String firstWord(String text) {
    int blank = text.indexOf(' ');
    return blank < 0 ? text : text.substring(0, blank);
  }

  private static String copyThis(String what) {
    return what + ": what is expected below is the right text, put it there";
  }
}
