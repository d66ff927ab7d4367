package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.Documentation;
import nst.job.TestSpark;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepRow;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests the sweeps that are committed: definitions, and examples of the documentation. */
@Tag("slow")
class SweepCommandTest {
  private static final String[] PIER = {
    "--content", "sample-data/content/pier.jpg", "--style", "sample-data/style/great_wave.jpg"
  };

  @Test
  void theCommittedDefinitionsAreSweeps() throws IOException {
    Sweep weights = sweep("--definition", "conf/sweeps/weights.conf");
    assertThat(weights.rows()).hasSize(8);
    assertThat(weights.rows())
        .allSatisfy(row -> assertThat(row.point().knobs()).containsEntry(Knob.IMAGE_SIZE, 256L));

    Sweep looks = sweep("--definition", "conf/sweeps/looks.conf");
    assertThat(looks.rows()).hasSize(2 * 3 * 3);
    assertThat(looks.rows())
        .noneMatch(
            row ->
                row.point().preset().orElseThrow() == Preset.GATYS
                    && row.point().knobs().get(Knob.NUM_ITERATIONS).equals(30L));
    assertThat(looks.rows().stream().map(SweepRow::id))
        .contains(
            "lake-great_wave-preset=balanced-num_iterations=30",
            "kitten-great_wave+starry_night-0.5-preset=gatys-num_iterations=200");
    try (Stream<Path> definitions = Files.list(Path.of("conf/sweeps"))) {
      assertThat(definitions).as("committed definitions").hasSize(2);
    }
  }

  @Test
  void optionsReplaceWhatAFileSays() {
    Sweep sweep =
        sweep(
            "--definition",
            "conf/sweeps/looks.conf",
            "--content",
            "sample-data/content/pier.jpg",
            "--image-size",
            "64",
            "--grid",
            "num_iterations=50",
            "--where",
            "blend < 1",
            "--where",
            "preset = balanced");
    assertThat(sweep.rows().stream().map(SweepRow::id))
        .containsExactly(
            "pier-great_wave-preset=balanced", "pier-great_wave+starry_night-0.5-preset=balanced");
    assertThat(sweep.rows().get(0).point().knobs())
        .containsEntry(Knob.IMAGE_SIZE, 64L)
        .containsEntry(Knob.NUM_ITERATIONS, 50L);
  }

  /** With samples, the seed is that of the points; without, that of the pictures. */
  @Test
  void theSeedBelongsToTheSamplesIfThereAreAny() {
    String[] axis = {"--grid", "content_weight=log:0.01..1:3"};
    assertThat(sweep(joined(PIER, axis, "--seed", "7")).rows())
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.point().knobs()).containsEntry(Knob.SEED, 7L));
    Sweep one = sweep(joined(PIER, axis, "--seed", "7", "--samples", "3"));
    Sweep other = sweep(joined(PIER, axis, "--seed", "8", "--samples", "3"));
    assertThat(one.rows())
        .allSatisfy(row -> assertThat(row.point().knobs()).doesNotContainKey(Knob.SEED));
    assertThat(one.rows()).isNotEqualTo(other.rows());
  }

  @Test
  void whatBelongsToSamplesIsNotIgnoredWithoutThem() {
    CommandLine main = Main.commandLine();
    Problems problems = new Problems();
    SweepCommand command =
        (SweepCommand)
            main.parseArgs("sweep", "--output", "x", "--sampling", "random")
                .subcommand()
                .commandSpec()
                .userObject();
    command.asked(problems);
    assertThat(problems.list())
        .singleElement()
        .hasToString("--samples: expected a count with --sampling, or a seed in a file, was none");
  }

  /** The rule for the preset's own gram would refuse the option, but no row has that gram. */
  @Test
  void rulesBetweenKnobsAreCheckedForRowsAndNotForOptions() {
    assertThat(sweep(joined(PIER, new String[0], "--style-term", "gatys", "--grid", "gram=raw")))
        .isNotNull();
  }

  @Test
  void theExamplesOfThePageMakeAsManyRowsAsItSays() {
    Pattern command = Pattern.compile("(?ms)^\\./submit\\.sh sweep (.*?[^\\\\])$");
    List<Integer> rows =
        command
            .matcher(Documentation.text("docs/sweeps.md"))
            .results()
            .map(found -> sweep(words(found.group(1).replace("\\\n", " "))).rows().size())
            .toList();
    assertThat(rows).containsExactly(8, 120, 9, 81, 8);
    assertThat(Documentation.text("docs/sweeps.md")).contains("This makes 8 rows");
  }

  @Test
  void theDefinitionOfThePageIsTheCommittedOne() throws IOException {
    String committed = Files.readString(Path.of("conf/sweeps/weights.conf"));
    Set<String> lines =
        committed.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toSet());
    assertThat(Documentation.text("docs/sweeps.md").lines()).containsAll(lines);
  }

  private static String[] joined(String[] first, String[] second, String... third) {
    return Stream.of(first, second, third).flatMap(Stream::of).toArray(String[]::new);
  }

  /** The words of a line, as a shell reads it, if all quotes are double. */
  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Pattern.compile("\"([^\"]*)\"|(\\S+)")
        .matcher(line)
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    return words.toArray(String[]::new);
  }

  private static Sweep sweep(String... options) {
    CommandLine main = Main.commandLine();
    List<String> line = new ArrayList<>(List.of("sweep", "--output", "unused.parquet"));
    List<String> own = new ArrayList<>(List.of(options));
    if (own.contains("--output")) {
      line = new ArrayList<>(List.of("sweep"));
    }
    line.addAll(own);
    SweepCommand command =
        (SweepCommand)
            main.parseArgs(line.toArray(String[]::new)).subcommand().commandSpec().userObject();
    Problems problems = new Problems();
    var sweep = SweepCommand.make(TestSpark.session(), command.asked(problems), problems);
    assertThat(problems.list()).isEmpty();
    return sweep.orElseThrow();
  }
}
