package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.job.table.Globs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests of whole runs: a small catalogue, its output, and methods that read it. */
abstract class RunFixture {
  /** Uses only the first layer, because these tests are about rows and not about images. */
  static final String[] SHALLOW = {"--content-layers", "relu1_1:1", "--style-layers", "relu1_1:1"};

  @TempDir Path folder;
  @TempDir Path scratch;

  TestCatalogue pictures() {
    return new TestCatalogue(folder)
        .picture("photo.jpg", 64, 48, 1)
        .picture("painting.png", 56, 56, 2);
  }

  Command.Outcome run(Path manifest, String... more) {
    return Command.here(arguments(manifest, more));
  }

  String[] arguments(Path manifest, String... more) {
    String[] command = {"run", manifest.toString(), "--output", output()};
    return append(
        append(append(command, SHALLOW), "--image-size", "48", "--num-iterations", "4"), more);
  }

  static String[] append(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  /** A folder whose name would match other folders if a reader took it for a pattern. */
  String output() {
    return folder.resolve("out [2024]").toString();
  }

  Path runFolder(String runId) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(output(), "runs"))) {
      return files.filter(path -> path.endsWith("run_id=" + runId)).findFirst().orElseThrow();
    }
  }

  String table(String runId, String name) throws IOException {
    return Globs.literal(runFolder(runId).resolve(name).toString());
  }

  Dataset<Row> metrics(String runId) throws IOException {
    return TestSpark.spark().read().parquet(table(runId, "metrics"));
  }

  Dataset<Row> losses(String runId) throws IOException {
    return TestSpark.spark().read().parquet(table(runId, "loss"));
  }

  /** Returns every image with the time of its last change. */
  Map<Path, FileTime> images() throws IOException {
    return LivingFolder.files(Path.of(output(), "images", "v1")).stream()
        .filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}[.](png|jpg)"))
        .collect(Collectors.toMap(path -> path, RunFixture::changed, (a, b) -> a, TreeMap::new));
  }

  static FileTime changed(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  static String counts(JsonNode summary) {
    JsonNode rows = summary.get("rows");
    return String.format(
        "%s = %s ok + %s failed + %s skipped + %s duplicate",
        rows.get("total"),
        rows.get("ok"),
        rows.get("failed"),
        rows.get("skipped"),
        rows.get("duplicate"));
  }

  static void isQuiet(String err) {
    assertThat(err).doesNotContain("WARN", "ERROR", "Exception", "SLF4J", "\tat ", "warning");
  }
}
