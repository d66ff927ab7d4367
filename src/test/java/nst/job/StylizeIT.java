package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nst.image.codec.PixelDigest;
import nst.image.format.PngChunks;
import nst.model.TransferResult;
import nst.record.ImageRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./submit.sh stylize}, as a process in a folder of its user. */
class StylizeIT {
  private static final String FEW_STEPS = " --image-size 48 --num-iterations 2 --threads 1";

  @TempDir Path folder;
  private TestCatalogue catalogue;

  @BeforeEach
  void prepare() {
    catalogue =
        new TestCatalogue(folder)
            .picture("photos/a.jpg", 64, 48, 1)
            .picture("photos/b.jpg", 48, 64, 2)
            .picture("wave.png", 56, 56, 3);
  }

  @Test
  void loadsNoClassOfSparkAndLeavesNothingButTheImage() throws Exception {
    Path classes = Files.createTempFile("classes", ".txt");
    Words words =
        shell(
            "NST_JAVA_OPTS=-Xlog:class+load:file="
                + classes
                + " SUBMIT stylize photos/a.jpg --style wave.png"
                + FEW_STEPS);

    assertThat(words.exitCode()).as(words.err()).isZero();
    assertThat(words.out()).contains("a-wave.png: 48 x 36, 2 steps in");
    assertThat(Files.readString(classes))
        .contains("nst.engine.StyleTransfer")
        .doesNotContain("org.apache.spark.", "org.apache.hadoop.", " scala.");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("photos", "wave.png", "a-wave.png");
    }
  }

  @Test
  void makesTheSamePixelsUnderTheSameKeyAsRun() throws Exception {
    Path manifest = catalogue.row("a", "photos/a.jpg", "wave.png").write();
    Path out = folder.resolve("run");
    Command.Outcome run =
        Command.here(
            ("run " + manifest + " --output " + out + FEW_STEPS + " --record-sources uri")
                .split(" "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    Words words =
        shell(
            "SUBMIT stylize photos/a.jpg --style wave.png -o mine.png --record-sources uri"
                + FEW_STEPS);
    assertThat(words.exitCode()).as(words.err()).isZero();

    Path made;
    try (Stream<Path> images = Files.walk(out.resolve("images"))) {
      made = images.filter(file -> file.toString().endsWith(".png")).findFirst().orElseThrow();
    }
    byte[] theirs = Files.readAllBytes(made);
    byte[] ours = Files.readAllBytes(folder.resolve("mine.png"));
    assertThat(PixelDigest.of(ours)).isEqualTo(PixelDigest.of(theirs));
    TransferResult record = ImageRecords.of(ours).orElseThrow();
    assertThat(record.key() + ".png").isEqualTo(made.getFileName().toString());
    assertThat(record.image().orElseThrow().saved())
        .usingRecursiveComparison()
        .ignoringFields("elapsedMillis")
        .isEqualTo(ImageRecords.of(theirs).orElseThrow().image().orElseThrow().saved());
  }

  @Test
  void isAFilterFromStandardInputToStandardOutput() throws Exception {
    Words words =
        shell(
            "SUBMIT stylize - --style wave.png -o - --size original --output-format png16"
                + " <photos/a.jpg >made.png"
                + FEW_STEPS);
    assertThat(words.exitCode()).as(words.err()).isZero();
    assertThat(words.err()).contains("standard output: 64 x 48, 2 steps in");
    byte[] image = Files.readAllBytes(folder.resolve("made.png"));
    assertThat(PixelDigest.of(image)).isNotEmpty(); // reads every chunk
    assertThat(PngChunks.of(image).bitDepth()).isEqualTo(16);
    assertThat(new String(image, StandardCharsets.UTF_8)).contains(">48 x 36</nst:enlarged_from>");
    assertThat(image).startsWith(0x89, 'P', 'N', 'G').endsWith(0xAE, 0x42, 0x60, 0x82);
  }

  @Test
  void makesAFolderUpToThePhotosThatItCannotRead() throws Exception {
    Files.createFile(folder.resolve("photos/empty.jpg"));
    Words words = shell("SUBMIT stylize photos --style wave.png -o out/" + FEW_STEPS);
    assertThat(words.exitCode()).as(words.err()).isEqualTo(3);
    assertThat(words.err()).contains("photos/empty.jpg: EMPTY: ");
    assertThat(words.out()).contains("2 of 3 photos stylised");
    assertThat(folder.resolve("out/a-wave.png")).isNotEmptyFile();
    assertThat(folder.resolve("out/b-wave.png")).isNotEmptyFile();
  }

  @Test
  void replacesNothingAndTakesNoOptionsForSpark() throws Exception {
    Files.writeString(folder.resolve("mine.png"), "precious");
    Words words = shell("SUBMIT stylize photos/a.jpg --style wave.png -o mine.png");
    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.err()).contains("the file exists", "Add --overwrite");
    assertThat(folder.resolve("mine.png")).hasContent("precious");

    Words withSpark = shell("SUBMIT --master local[2] -- stylize photos/a.jpg --style wave.png");
    assertThat(withSpark.exitCode()).isEqualTo(2);
    assertThat(withSpark.err())
        .isEqualTo("stylize starts no Spark: leave out the options before --, or use run.\n");
  }

  private record Words(int exitCode, String out, String err) {}

  /** A line of a shell in the folder; SUBMIT is the launcher, ROOT the repository. */
  private Words shell(String line) throws Exception {
    String root = Path.of("").toAbsolutePath().toString();
    Path scratch = Files.createTempDirectory("stylize");
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    String script = line.replace("SUBMIT", root + "/submit.sh").replace("ROOT", root);
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", "-c", script)).directory(folder.toFile());
    builder.environment().put("NST_SKIP_BUILD", "1"); // Maven has just built it, and is running
    builder.environment().put("NST_LOG_DIR", scratch.resolve("logs").toString());
    builder.environment().put("DJL_OFFLINE", "true");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int exitCode = builder.start().waitFor();
    return new Words(exitCode, text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
