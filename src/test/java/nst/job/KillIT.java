package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.model.TransferRequest;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a standalone cluster whose executors and drivers are killed with SIGKILL, ten times, at
 * moments that a seed decides: {@code -Dnst.kill.seed=N} repeats them, as far as a busy machine
 * lets moments be repeated.
 */
class KillIT {
  private static final int ROWS = 48;
  private static final int KILLS_OF_EACH = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  /** What is killed. */
  private enum Victim {
    EXECUTOR,
    DRIVER
  }

  @Test
  void killedTenTimesItEndsWithEveryRowOnce() throws Exception {
    long seed = Long.getLong("nst.kill.seed", System.nanoTime() & 0xFFFF);
    System.out.println("KillIT: -Dnst.kill.seed=" + seed);
    Random random = new Random(seed);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0").worker("1")) {
      String[] arguments = arguments(cluster);
      Command driver = Command.start(folder, arguments);
      try {
        for (Victim victim : victims(random)) {
          awaitMoment(random, driver);
          switch (victim) {
            case EXECUTOR -> killOneOf(cluster, random);
            case DRIVER -> {
              driver.kill();
              driver = Command.start(folder, arguments);
            }
          }
        }
        awaitImages(ROWS, driver);
        Thread.sleep(random.nextInt(500));
        driver.kill(); // while the tables are being written
      } finally {
        driver.process().destroyForcibly();
      }
      assertThat(runFolder().resolve("_RUN.json")).as("seed %d", seed).doesNotExist();

      Command.Outcome resumed = Command.run(folder, append(arguments, "--json"));

      assertThat(resumed.exitCode()).as("seed %d: %s", seed, resumed.err()).isZero();
      JsonNode rows = new ObjectMapper().readTree(resumed.out()).get("rows");
      assertThat(rows)
          .as("seed %d", seed)
          .isEqualTo(
              new ObjectMapper()
                  .readTree(
                      "{\"total\": 50, \"ok\": 48, \"failed\": 1, \"skipped\": 0, \"duplicate\": 1}"));
    }
    everyImageHasItsRecordAndEveryRecordItsImage();
  }

  private void everyImageHasItsRecordAndEveryRecordItsImage() throws IOException {
    Dataset<Row> metrics =
        TestSpark.spark().read().parquet(runFolder().resolve("metrics").toString());
    Map<String, String> digests = new TreeMap<>();
    for (Row row : metrics.where("status = 'OK'").collectAsList()) {
      assertThat(digests.put(row.getAs("output_uri"), row.getAs("output_sha256"))).isNull();
      assertThat(row.<Double>getAs("total_loss")).isPositive();
    }
    Map<String, String> images = new TreeMap<>();
    for (Path image : images()) {
      images.put("file:" + image, TransferRequest.sha256(Files.readAllBytes(image)));
    }
    assertThat(images).hasSize(ROWS).isEqualTo(digests);
    Dataset<Row> curves = TestSpark.spark().read().parquet(runFolder().resolve("loss").toString());
    assertThat(curves.select("key", "iteration").distinct().count())
        .as("iterates of every picture, each once")
        .isEqualTo(curves.count())
        .isEqualTo(ROWS * 13L);
    Command.Outcome verified =
        Command.run(folder, "verify", "--output", output().toString(), "--json");
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    JsonNode answer = new ObjectMapper().readTree(verified.out());
    assertThat(answer.get("checked").asInt()).isEqualTo(ROWS);
    assertThat(answer.get("orphaned").asInt()).isZero();
  }

  /** Five executors and four drivers in some order; the fifth driver is killed at the end. */
  private static List<Victim> victims(Random random) {
    List<Victim> victims = new ArrayList<>(Collections.nCopies(KILLS_OF_EACH, Victim.EXECUTOR));
    victims.addAll(Collections.nCopies(KILLS_OF_EACH - 1, Victim.DRIVER));
    Collections.shuffle(victims, random);
    return victims;
  }

  /** Some time after the start, or some pictures later; most often the latter. */
  private void awaitMoment(Random random, Command driver) throws Exception {
    if (random.nextInt(4) > 0) {
      awaitImages(images().size() + 1 + random.nextInt(3), driver);
    }
    Thread.sleep(random.nextInt(700));
    assertThat(driver.process().isAlive()).as("the driver lives until it is killed").isTrue();
  }

  private void awaitImages(int count, Command driver) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (images().size() < Math.min(count, ROWS) && driver.process().isAlive()) {
      assertThat(Instant.now()).as("%d of %d images", images().size(), count).isBefore(end);
      Thread.sleep(20);
    }
  }

  private static void killOneOf(StandaloneCluster cluster, Random random) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    List<ProcessHandle> executors = cluster.executors();
    while (executors.isEmpty()) {
      assertThat(Instant.now()).as("an executor to kill").isBefore(end);
      Thread.sleep(20);
      executors = cluster.executors();
    }
    executors.get(random.nextInt(executors.size())).destroyForcibly();
  }

  private String[] arguments(StandaloneCluster cluster) throws IOException {
    return append(
        cluster.submitOptions(),
        SmallCatalogue.of(folder, ROWS)
            .run(output(), "killed", "--num-iterations", "12")
            .toArray(new String[0]));
  }

  private static String[] append(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  private Path output() {
    return folder.resolve("out");
  }

  private Path runFolder() {
    return output().resolve("runs/run_date=2026-01-01/run_id=killed");
  }

  private List<Path> images() throws IOException {
    Path images = output().resolve("images/v1");
    if (!Files.exists(images)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(images)) {
      return files
          .filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}[.]png"))
          .toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // a temporary file went while it was looked at; the next look sees more
    }
  }
}
