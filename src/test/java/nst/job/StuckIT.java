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
import nst.engine.network.FixtureWeights;
import nst.engine.network.HeldOperations;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a row that no deadline can end, because libtorch does not return from a call with its
 * image. It is the most expensive row and therefore the first.
 */
class StuckIT {
  private static final int STUCK = 96; // px
  private static final int WARM_UP = 32; // px

  /** Each other row takes a tenth of a second, on a machine that is used for other work too. */
  private static final List<String> LIMITS =
      List.of("--limits-image-seconds", "8", "--limits-stuck-seconds", "2");

  @TempDir Path folder;
  private Path manifest;
  private HeldOperations held;

  @BeforeEach
  void prepare() throws IOException {
    manifest = manifest();
    held = HeldOperations.forEver(folder.resolve("held"), STUCK);
  }

  @Test
  void itsExecutorIsEndedAndReplacedAndOnlyThatRowFails() throws IOException {
    Path weights = folder.resolve("vgg19.safetensors");
    FixtureWeights.write(Backbone.VGG19, 1, weights);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0")) {
      List<String> arguments =
          run(cluster.submitOptions(cluster.executorOption(held.javaOption())));
      arguments.addAll(LIMITS);
      arguments.addAll(List.of("--weights", weights.toString(), "--weights-sha256"));
      arguments.add(Sha256.hex(Files.readAllBytes(weights)));

      Command.Outcome outcome = Command.run(folder, arguments.toArray(new String[0]));

      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
      assertThat(cluster.executorLogs()).as("executors that ever ran").hasSize(2);
    }
    onlyTheStuckRowFailed("TIMEOUT");
  }

  @Test
  void inOneProcessWithTheDriverTheRunEndsWithWordsAndGoesOnLater() throws IOException {
    List<String> alone = run("--master", "local[1]", "--"); // no other row runs before it
    alone.addAll(LIMITS);

    Command.Outcome ended = inOneProcess(alone);

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("Row id=stuck is stuck: still optimising after 10 s")
        .contains("run the same --run-id again for the other rows");
    // Nothing blocks here: if the row were tried again, it would be OK.
    Command.Outcome resumed = Command.here(run().toArray(new String[0]));
    assertThat(resumed.exitCode()).as(resumed.err()).isEqualTo(3);
    onlyTheStuckRowFailed("TIMEOUT");
  }

  @Test
  void anExecutorWhoseDeviceBreaksIsReplacedAndOnlyThatRowFails() throws IOException {
    held = HeldOperations.breaking(folder.resolve("broken"), STUCK);
    Path weights = folder.resolve("vgg19.safetensors");
    FixtureWeights.write(Backbone.VGG19, 1, weights);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0")) {
      List<String> arguments =
          run(cluster.submitOptions(cluster.executorOption(held.javaOption())));
      arguments.addAll(List.of("--weights", weights.toString(), "--weights-sha256"));
      arguments.add(Sha256.hex(Files.readAllBytes(weights)));

      Command.Outcome outcome = Command.run(folder, arguments.toArray(new String[0]));

      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
      assertThat(cluster.executorLogs()).as("executors that ever ran").hasSize(2);
    }
    onlyTheStuckRowFailed("DEVICE_LOST");
  }

  @Test
  void aDeviceThatBreaksInOneProcessWithTheDriverEndsTheRunWithWords() throws IOException {
    held = HeldOperations.breaking(folder.resolve("broken"), STUCK);

    Command.Outcome ended = inOneProcess(run("--master", "local[1]", "--"));

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("Row id=stuck has lost its device: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered")
        .contains("It failed with DEVICE_LOST; run the same --run-id again for the other rows");
    assertThat(Command.here(run().toArray(new String[0])).exitCode()).isEqualTo(3);
    onlyTheStuckRowFailed("DEVICE_LOST");
  }

  @Test
  void anExecutorWhoseDeviceBreaksInTheWarmUpEndsAndNoRowFails() throws IOException {
    held = HeldOperations.breaking(folder.resolve("broken"), WARM_UP);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0")) {
      Command.Outcome outcome =
          Command.run(
              folder,
              run(cluster.submitOptions(cluster.executorOption(held.javaOption())))
                  .toArray(new String[0]));

      assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
      assertThat(outcome.err())
          .contains("The job cannot continue: executor ")
          .contains("In the warm-up: The device broke down: ");
    }
    everyRowIsOkWithoutTheFault();
  }

  @Test
  void aDeviceThatBreaksInTheWarmUpInOneProcessWithTheDriverFailsNoRow() throws IOException {
    held = HeldOperations.breaking(folder.resolve("broken"), WARM_UP);

    Command.Outcome ended = inOneProcess(run("--master", "local[1]", "--"));

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("In the warm-up: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered");
    everyRowIsOkWithoutTheFault();
  }

  private void everyRowIsOkWithoutTheFault() throws IOException {
    Command.Outcome resumed = Command.run(folder, run().toArray(new String[0]));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(metrics())
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("OK", "OK", "OK", "OK");
  }

  @Test
  void anImageThatTheDeviceHasNoMemoryForFailsAloneAndItsProcessGoesOn() throws IOException {
    held = HeldOperations.exhausting(folder.resolve("exhausting"), STUCK);

    Command.Outcome outcome = inOneProcess(run("--master", "local[1]", "--"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    onlyTheStuckRowFailed("OUT_OF_MEMORY");
  }

  private Command.Outcome inOneProcess(List<String> arguments) {
    Map<String, String> environment = Map.of("NST_JAVA_OPTS", held.javaOption());
    return Command.start(folder, environment, arguments.toArray(new String[0])).outcome();
  }

  private void onlyTheStuckRowFailed(String code) throws IOException {
    Map<String, String> codes = new TreeMap<>();
    for (Row row : metrics()) {
      codes.put(row.getAs("id"), row.getAs("status") + " " + row.getAs("error_code"));
    }
    assertThat(codes)
        .isEqualTo(
            Map.of("r0", "OK null", "r1", "OK null", "r2", "OK null", "stuck", "FAILED " + code));
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
            .row("stuck", "photo.jpg", "painting.png", (long) STUCK, 0L);
    for (long i = 0; i < 3; i++) {
      catalogue.row("r" + i, "photo.jpg", "painting.png", 64L, i);
    }
    return catalogue.write();
  }

  /** Uses only a few layers, so that rows take milliseconds. */
  private List<String> run(String... submitOptions) {
    List<String> arguments = new ArrayList<>(Arrays.asList(submitOptions));
    arguments.addAll(
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
            "3",
            "--content-layers",
            "relu1_1:1",
            "--style-layers",
            "relu1_1:1"));
    return arguments;
  }
}
