package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nst.image.TestFiles;
import nst.job.RecordedPictures;
import nst.job.task.LocalTransfer;
import nst.model.LossSample;
import nst.record.ExitCode;
import nst.record.ImageRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StylizeCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("photos"));
    Files.write(folder.resolve("photos/a.jpg"), TestFiles.jpeg(48, 40));
    Files.write(folder.resolve("photos/b.png"), TestFiles.png(40, 48));
    Files.write(folder.resolve("wave.png"), TestFiles.png(40, 40));
    Files.writeString(folder.resolve("rows.parquet"), "PAR1 and more");
    Files.write(folder.resolve("zero.jpg"), new byte[0]);
  }

  @Test
  void stylisesAPhotoAndSaysSoAsJson() throws IOException {
    InProcess.Outcome outcome =
        stylize("DIR/photos/a.jpg --style DIR/wave.png -o DIR/x.jpg --json --seed 7");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode answer = new ObjectMapper().readTree(outcome.out());
    JsonNode image = answer.get("images").get(0);
    assertThat(answer.get("ok").asInt()).isEqualTo(1);
    assertThat(answer.get("seconds").asDouble()).isPositive();
    assertThat(answer.get("knobs").get("seed").asText()).isEqualTo("7");
    assertThat(answer.get("knobs").get("output_format").asText()).isEqualTo("jpg");
    assertThat(image.get("output").asText()).isEqualTo(folder + "/x.jpg");
    assertThat(image.get("iterations").asInt()).isEqualTo(2);
    assertThat(image.get("losses")).hasSize(3);
    assertThat(image.get("total_loss").asDouble())
        .isPositive()
        .isLessThan(image.get("initial_total_loss").asDouble());
    byte[] bytes = Files.readAllBytes(folder.resolve("x.jpg"));
    assertThat(bytes).startsWith(0xFF, 0xD8);
    assertThat(ImageRecords.of(bytes).orElseThrow().request().content()).isEqualTo("a.jpg");
  }

  @Test
  void makesSeveralPhotosAndNamesThoseThatCannotBeRead() throws IOException {
    Files.writeString(folder.resolve("photos/c.jpg"), "no image");

    InProcess.Outcome outcome = stylize("DIR/photos DIR/none.jpg --style DIR/wave.png -o DIR/out");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.TOO_MANY_FAILED.code());
    assertThat(folder.resolve("out"))
        .isDirectoryContaining("glob:**/a-wave.png")
        .isDirectoryContaining("glob:**/b-wave.png");
    assertThat(outcome.out()).contains("a-wave.png: 48 x 40, 2 steps in", "2 of 4 photos stylised");
    assertThat(outcome.err())
        .contains(folder + "/photos/c.jpg: NOT_AN_IMAGE: ")
        .contains(folder + "/none.jpg: NOT_FOUND: ");
  }

  @Test
  void readsStandardInputAndWritesNothingButTheImageToStandardOutput() throws IOException {
    InputStream inBefore = System.in;
    PrintStream outBefore = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream(TestFiles.png(40, 40)));
      System.setOut(new PrintStream(out, true));
      int code = Main.commandLine().execute(arguments("- --style DIR/wave.png -o -"));
      assertThat(code).isZero();
    } finally {
      System.setIn(inBefore);
      System.setOut(outBefore);
    }
    assertThat(out.toByteArray()).startsWith(0x89, 'P', 'N', 'G').endsWith(0xAE, 0x42, 0x60, 0x82);
  }

  @Test
  void namesAllFaultsAtOnce() throws IOException {
    InProcess.Outcome outcome =
        stylize(
            "DIR/rows.parquet --style DIR/photos --style DIR/none.png --style DIR/zero.jpg"
                + " -o DIR/x.webp --set imagesize=3 --num-iterations many");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err())
        .startsWith("7 problems:")
        .contains("Did you mean `image_size`?")
        .contains("--num-iterations: num_iterations: expected a whole number")
        .contains("PHOTO: Invalid image: expected JPEG, PNG, GIF, BMP, TIFF or WebP, was a Parquet")
        .contains("--style: expected an image file, was a folder: " + folder + "/photos")
        .contains("--style: expected an image file, found no such file: " + folder + "/none.png")
        .contains("was empty (0 bytes): " + folder + "/zero.jpg")
        .contains("--output: expected a name that ends in .png");
  }

  @Test
  void asksForANetworkBecauseItHasNoOutputThatCouldHoldOne() throws IOException {
    InProcess.Outcome outcome = stylize("DIR/photos --style DIR/wave.png --init network");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err())
        .contains(
            "configuration: network: expected a URI, or embedded:sample-2, with init=network, was none");
  }

  @Test
  void asksForAPhotoAndAStyle() {
    InProcess.Outcome outcome = InProcess.run("stylize");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err())
        .contains("PHOTO: expected at least one photo, was none")
        .contains("--style: expected at least one style image, was none");
  }

  @Test
  void refusesTwoAnswersOnStandardOutputAndTwoReadersOfStandardInput() throws IOException {
    InProcess.Outcome outcome = stylize("- --style - -o - --json");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err())
        .contains("expected standard input (-) once", "together with --json, was -");
  }

  @Test
  void aDamagedPhotoAloneIsInvalidInput() throws IOException {
    byte[] whole = TestFiles.png(40, 40);
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));

    InProcess.Outcome outcome = stylize("DIR/cut.png --style DIR/wave.png -o DIR/x.png");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err()).startsWith("1 problem:").contains("Corrupt PNG");
    assertThat(folder.resolve("x.png")).doesNotExist();
  }

  @Test
  void aDamagedStyleIsNamedOnce() throws IOException {
    byte[] whole = TestFiles.png(40, 40);
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));

    InProcess.Outcome outcome = stylize("DIR/photos --style DIR/cut.png -o DIR/out/");

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err()).startsWith("1 problem:").contains("--style: style: Corrupt PNG");
  }

  @Test
  void theProgressSaysWhatIsLeft() {
    LocalTransfer.Item item =
        new LocalTransfer.Item(RecordedPictures.request("a", "file:/x/pier.jpg", "s"), "file:/o");
    LossSample sample = new LossSample(512, 12, 14, 1, 2, 3, 0.53125, Map.of(), 1, 1, 8000);
    assertThat(StylizeReport.line(item, sample, 0.25, 0, 1))
        .isEqualTo("pier.jpg: step 12 of 30, loss 0.5313, 0:24 left");
    assertThat(StylizeReport.line(item, sample, 0, 2, 12))
        .isEqualTo("3 of 12: pier.jpg: step 12 of 30, loss 0.5313");
  }

  @Test
  void aPhotoGivenAsManifestIsSentHere() throws IOException {
    String photo = folder + "/photos/a.jpg";
    String advice =
        photo
            + ": expected a manifest (Parquet, CSV, TSV or JSON lines), but it is a JPEG image. To"
            + " stylise one photo without a"
            + " manifest, run: ./submit.sh stylize "
            + photo
            + " --style PAINTING.jpg";
    InProcess.Outcome outcome = InProcess.run("run", photo);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err()).contains(advice);
  }

  private InProcess.Outcome stylize(String line) {
    return InProcess.run(arguments(line));
  }

  /** Two steps of few pixels through the first layers. */
  private String[] arguments(String line) {
    List<String> arguments = new ArrayList<>(List.of("stylize"));
    Arrays.stream(line.split(" "))
        .map(word -> word.replace("DIR", folder.toString()))
        .forEach(arguments::add);
    arguments.addAll(List.of("--content-layers", "relu2_1:1", "--style-layers", "relu2_1:1"));
    arguments.addAll(List.of("--image-size", "48", "--threads", "1"));
    if (!line.contains("--num-iterations")) {
      arguments.addAll(List.of("--num-iterations", "2"));
    }
    return arguments.toArray(String[]::new);
  }
}
