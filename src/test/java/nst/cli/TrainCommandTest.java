package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nst.job.train.TrainingProgress;
import nst.model.Knob;
import nst.model.knob.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Option;

class TrainCommandTest {
  private static InProcess.Outcome train(String... more) {
    return InProcess.run(
        Stream.concat(
                Stream.of("train", "--style", "s", "--photos", "p", "--output", "o"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void theHelpShowsWhatIsUsedOnly() {
    String help = Main.commandLine().getSubcommands().get("train").getUsageMessage();

    assertThat(help)
        .contains("--style-weight", "--image-size", "--device", "--preset")
        .doesNotContain("--num-iterations", "--keep", "--report-rows");
  }

  @ParameterizedTest
  @CsvSource({
    "--init, style, belongs to the rows",
    "--keep, last, belongs to the rows",
    "--num-iterations, 5, belongs to the rows",
    "--smallest-size, 64, belongs to the rows",
    "--style-blend, losses, belongs to the rows",
    "--original-colors, match, belongs to the rows",
    "--size-rule, content, squares",
    "--batch-images, 2, setting of runs",
    "--report-rows, 2, setting of runs"
  })
  void optionsWithoutAMeaningForTrainingAreRefused(String option, String value, String reason) {
    InProcess.Outcome outcome = train(option, value);

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("1 problem", option, "expected no value for train", "was " + value, reason);
  }

  @Test
  void setIsRefusedAsAnOptionIsButAConfigurationFileIsForRunsToo(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("nst.conf"), "num_iterations = 7\nkeep = best\n");

    InProcess.Outcome outcome =
        train("--config", file.toString(), "--set", "init=style", "--steps", "0");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("2 problems", "init: expected no value for train", "--steps: expected a number")
        .doesNotContain("num_iterations", "keep");
  }

  @Test
  void theCommandHasOptionsOfItsOwnForTheKnobsThatAffectItsSteps() {
    List<String> flags = Arrays.stream(Knob.values()).map(Knob::flag).toList();
    assertThat(
            Arrays.stream(TrainCommand.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Option.class))
                .flatMap(field -> Arrays.stream(field.getAnnotation(Option.class).names()))
                .filter(flags::contains))
        .containsExactlyInAnyOrderElementsOf(
            Knob.affecting(Effect.TRAINING_STEPS).stream().map(Knob::flag).toList());
  }

  @ParameterizedTest
  @CsvSource({"--steps, 0", "--batch, 65", "--width, 0", "--blocks, 33", "--image-size, 4096"})
  void numbersOutOfRangeAreRefused(String option, String value) {
    InProcess.Outcome outcome = train(option, value);

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(option + ": expected a number from", "was " + value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sizes 256,4096|--sizes: expected a number from 1 to 2048, was 4096",
        "--sizes 128,256 --image-size 512|--sizes: expected either --sizes or --image-size",
        "--sizes 128,256 --crop 160|--crop: expected a number from 1 to 128, was 160",
        "--image-size 128 --crop 0|--crop: expected a number from 1 to 128, was 0",
        "--sizes 256,x|--sizes"
      })
  void sizesAndCropsOutOfRangeAreRefused(String options, String message) {
    InProcess.Outcome outcome = train(options.split(" ", -1));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void theProgressLineHasStepLossesAndTimeLeft() {
    assertThat(TrainCommand.text(new TrainingProgress(120, 2000, 3.2146, 3.5, 725)))
        .isEqualTo("120 of 2,000 steps, loss 3.215, held-out loss 3.500, 12:05 left");
  }
}
