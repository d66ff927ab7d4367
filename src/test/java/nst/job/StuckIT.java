package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.engine.FixtureWeights;
import nst.model.Hyperparameters.Backbone;
import nst.model.TransferRequest;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A row that no deadline reaches: its picture is so large that one call into native code takes
 * longer than the row may compute, and then as long again as it may be late.
 */
class StuckIT {
  private static final long FAR_TOO_LARGE = 1536; // 15 s for one forward pass on one core
  private static final String[] LIMITS = {
    "--limits-image-seconds", "3", "--limits-stuck-seconds", "1", "--precision", "float32"
  };

  @TempDir Path folder;

  @Test
  void itsExecutorIsEndedAndReplacedAndOnlyThatRowFails() throws IOException {
    Path manifest = manifest();
    Path weights = folder.resolve("vgg19.safetensors");
    FixtureWeights.write(Backbone.VGG19, 1, weights);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0")) {
      List<String> arguments = new ArrayList<>(Arrays.asList(cluster.submitOptions()));
      arguments.addAll(run(manifest));
      arguments.addAll(List.of("--weights", weights.toString(), "--weights-sha256"));
      arguments.add(TransferRequest.sha256(Files.readAllBytes(weights)));

      Command.Outcome outcome = Command.run(folder, arguments.toArray(new String[0]));

      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
      assertThat(cluster.executorLogs()).as("executors that ever ran").hasSize(2);
    }
    onlyTheLargeRowFailed();
  }

  @Test
  void inOneProcessWithTheDriverTheRunEndsWithWordsAndGoesOnLater() throws IOException {
    String[] arguments = run(manifest()).toArray(new String[0]);

    Command.Outcome ended = Command.run(folder, arguments);

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("Row id=large is stuck: still optimising after 4 s")
        .contains("run the same --run-id again for the other rows");
    Command.Outcome resumed = Command.run(folder, arguments);
    assertThat(resumed.exitCode()).as(resumed.err()).isEqualTo(3);
    onlyTheLargeRowFailed();
  }

  private void onlyTheLargeRowFailed() throws IOException {
    Map<String, String> codes = new TreeMap<>();
    for (Row row : metrics()) {
      codes.put(row.getAs("id"), row.getAs("status") + " " + row.getAs("error_code"));
    }
    assertThat(codes)
        .isEqualTo(
            Map.of("r0", "OK null", "r1", "OK null", "r2", "OK null", "large", "FAILED TIMEOUT"));
  }

  private List<Row> metrics() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      Path metrics = files.filter(path -> path.endsWith("metrics")).findFirst().orElseThrow();
      return TestSpark.spark().read().parquet(metrics.toString()).collectAsList();
    }
  }

  private Path manifest() {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("photo.jpg", 64, 64, 1)
            .picture("painting.png", 56, 56, 2)
            .column("image_size", DataTypes.LongType)
            .column("seed", DataTypes.LongType)
            .row("large", "photo.jpg", "painting.png", FAR_TOO_LARGE, 0L);
    for (long i = 0; i < 3; i++) {
      catalogue.row("r" + i, "photo.jpg", "painting.png", 64L, i);
    }
    return catalogue.write();
  }

  private List<String> run(Path manifest) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                manifest.toString(),
                "--output",
                folder.resolve("out").toString(),
                "--run-id",
                "stuck",
                "--run-date",
                "2026-01-01",
                "--num-iterations",
                "3"));
    arguments.addAll(List.of(LIMITS));
    return arguments;
  }
}
