package nst.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.job.LauncherClassPath;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.record.ImageRecords;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples of docs/library.md, each as a program of its own. */
class LibraryExamplesIT {
  @TempDir Path folder;

  @BeforeEach
  void prepare() {
    new TestCatalogue(folder)
        .picture("photos/a.jpg", 64, 48, 1)
        .picture("photos/b.jpg", 48, 64, 2)
        .picture("wave.png", 56, 56, 3)
        .file("photos/c.jpg", new byte[] {1, 2, 3});
  }

  @Test
  void onePhotoNeedsOnlyWhatMavenGivesToAProgram() throws Exception {
    String libraries = Files.readString(Path.of("target/library-classpath")).strip();
    assertThat(libraries).contains("pytorch-engine").doesNotContain("spark-", "hadoop-", "jackson");
    Path made = folder.resolve("made.png");
    run(
        StylizePhoto.class,
        List.of(),
        String.join(File.pathSeparator, "target/classes", "target/test-classes", libraries),
        folder.resolve("photos/a.jpg"),
        folder.resolve("wave.png"),
        made);
    RgbImage image = new ImageDecoder(ImageLimits.DEFAULT).decode(Files.readAllBytes(made)).image();
    assertThat(image.width()).isEqualTo(64);
    assertThat(image.height()).isEqualTo(48);
  }

  @Test
  void transformsAColumnOfPhotosInAPlainSparkSession() throws Exception {
    List<String> options = new ArrayList<>(opens());
    options.addAll(
        List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false", "-Dspark.app.id=example"));
    options.add(LauncherClassPath.archiveOption());
    Path made = folder.resolve("made");
    run(
        StylizeDataset.class,
        options,
        String.join(
            File.pathSeparator,
            LauncherClassPath.jars(), // first, as in the archive
            "target/test-classes",
            Files.readString(Path.of("target/test-classpath")).strip()), // has Spark ML
        folder.resolve("photos"),
        folder.resolve("wave.png"),
        made);
    List<Row> rows =
        TestSpark.spark().read().parquet(made.toString()).orderBy("path").collectAsList();
    assertThat(rows)
        .extracting(row -> row.isNullAt(4) ? "made" : row.getStruct(4).<String>getAs("code"))
        .containsExactly("made", "made", "NOT_AN_IMAGE");
    assertThat(ImageRecords.of(rows.get(0).getAs("stylized")).orElseThrow().image().orElseThrow())
        .satisfies(image -> assertThat(image.iterations()).isEqualTo(3));
  }

  /** What Spark needs of a JDK 17, as this JVM was started. */
  private static List<String> opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .toList();
  }

  private void run(Class<?> example, List<String> options, String classPath, Path... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.awt.headless=true");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, example.getName()));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    Path words = folder.resolve("words.txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    int exitCode = builder.redirectOutput(words.toFile()).start().waitFor();
    assertThat(exitCode).as(Files.readString(words)).isZero();
  }
}
