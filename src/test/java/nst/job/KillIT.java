package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.Fuzz;
import nst.engine.network.HeldOperations;
import nst.job.table.RowTable;
import nst.model.text.Sha256;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a run on a standalone cluster whose executors and drivers are killed ten times with
 * SIGKILL. The seed {@code -Dnst.kill.seed=N} determines the times, as far as they can be repeated
 * on a busy machine; {@code random} chooses a new one.
 *
 * <p>No driver finishes before it is killed, even on a fast machine: libtorch blocks the last rows
 * in the processes of all drivers but the last, and the last one blocks at its page.
 */
class KillIT {
  private static final int ROWS = 40;
  private static final int HELD = 6;
  private static final int STEPS = 8;

  /** Ten kills, fewer of drivers: the next driver and its executors take four times as long. */
  private static final int EXECUTOR_KILLS = 7;

  private static final int DRIVER_KILLS = 3;

  /**
   * The first driver and the last leave the rows in Spark, like those of a large manifest. The
   * drivers between them hold the rows, which takes less time.
   */
  private static final String[] FEW_ROWS = {"--conf", RowTable.LIMIT + "=1000"};

  /** For drivers whose executors are not killed. */
  private static final String[] ONE_EXECUTOR = {
    "--conf", "spark.cores.max=" + StandaloneCluster.CORES
  };

  @TempDir Path folder;

  /** The kinds of processes to kill. */
  private enum Victim {
    EXECUTOR,
    DRIVER
  }

  @Test
  void killedTenTimesItEndsWithEveryRowOnce() throws Exception {
    long seed = Fuzz.seed("nst.kill.seed");
    System.out.println("KillIT: -Dnst.kill.seed=" + seed);
    Random random = new Random(seed);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0").worker("1")) {
      SmallCatalogue catalogue = SmallCatalogue.of(folder, ROWS, HELD);
      HeldOperations held = HeldOperations.hanging(folder.resolve("held"), SmallCatalogue.SMALLER);
      Command driver = Command.start(folder, holding(cluster, held, catalogue));
      try {
        for (Victim victim : victims(random)) {
          awaitMoment(random, driver);
          switch (victim) {
            case EXECUTOR -> killOneOf(cluster, random);
            case DRIVER -> {
              driver.kill();
              driver = Command.start(folder, holding(cluster, held, catalogue, FEW_ROWS));
            }
          }
        }
        awaitMoment(random, driver);
        driver.kill();
        driver =
            Command.start(
                folder,
                neverMakingItsPage(),
                arguments(cluster.submitOptions(append(FEW_ROWS, ONE_EXECUTOR)), catalogue));
        awaitImages(ROWS, driver);
        Thread.sleep(random.nextInt(500));
        driver.kill(); // while the tables are written
      } finally {
        driver.process().destroyForcibly();
      }
      assertThat(runFolder().resolve("_RUN.json")).as("seed %d", seed).doesNotExist();

      List<String> again = run(catalogue);
      again.add("--json");
      Command.Outcome resumed =
          cluster.drive(
              Map.of("spark.cores.max", Integer.toString(StandaloneCluster.CORES)), again);

      assertThat(resumed.exitCode()).as("seed %d: %s", seed, resumed.err()).isZero();
      JsonNode rows = new ObjectMapper().readTree(resumed.out()).get("rows");
      assertThat(rows)
          .as("seed %d", seed)
          .isEqualTo(
              new ObjectMapper()
                  .readTree(
                      "{\"total\": 42, \"ok\": 40, \"failed\": 1, \"skipped\": 0, \"duplicate\":"
                          + " 1}"));
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
      images.put("file:" + image, Sha256.hex(Files.readAllBytes(image)));
    }
    assertThat(images).hasSize(ROWS).isEqualTo(digests);
    Dataset<Row> curves = TestSpark.spark().read().parquet(runFolder().resolve("loss").toString());
    assertThat(curves.select("key", "iteration").distinct().count())
        .as("iterates of every picture, each once")
        .isEqualTo(curves.count())
        .isEqualTo(ROWS * (STEPS + 1L));
    Command.Outcome verified = Command.here("verify", "--output", output().toString(), "--json");
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    JsonNode answer = new ObjectMapper().readTree(verified.out());
    assertThat(answer.get("checked").asInt()).isEqualTo(ROWS);
    assertThat(answer.get("orphaned").asInt()).isZero();
  }

  /** Kills all executors and all but two drivers in random order. */
  private static List<Victim> victims(Random random) {
    List<Victim> victims = new ArrayList<>(Collections.nCopies(EXECUTOR_KILLS, Victim.EXECUTOR));
    victims.addAll(Collections.nCopies(DRIVER_KILLS - 2, Victim.DRIVER));
    Collections.shuffle(victims, random);
    return victims;
  }

  /** Waits for some time after the start, or more often for some images. */
  private void awaitMoment(Random random, Command driver) throws Exception {
    if (random.nextInt(4) > 0) {
      awaitImages(Math.min(images().size() + 1 + random.nextInt(3), ROWS - HELD), driver);
    }
    Thread.sleep(random.nextInt(700));
    assertThat(driver.process().isAlive()).as("the driver lives until it is killed").isTrue();
  }

  private void awaitImages(int count, Command driver) throws Exception {
    Await.until(count + " images", () -> images().size() >= count || !driver.process().isAlive());
  }

  private static void killOneOf(StandaloneCluster cluster, Random random) throws Exception {
    List<ProcessHandle> executors = new ArrayList<>();
    Await.until("an executor to kill", () -> executors.addAll(cluster.executors()));
    executors.get(random.nextInt(executors.size())).destroyForcibly();
  }

  /** Spark stops a job if one task failed too often, and several kills may affect the same task. */
  private String[] holding(
      StandaloneCluster cluster, HeldOperations held, SmallCatalogue catalogue, String... more) {
    String[] options =
        append(
            StandaloneCluster.executorResourcesOption(held.folder()),
            "--conf",
            "spark.task.maxFailures=100");
    return arguments(cluster.submitOptions(append(options, more)), catalogue);
  }

  /** Returns the environment of a driver whose page template never ends. */
  private Map<String, String> neverMakingItsPage() throws IOException {
    Path classes = folder.resolve("page");
    Path template = classes.resolve("nst").resolve("report").resolve("report.ftlh");
    Files.createDirectories(template.getParent());
    Files.writeString(template, "<#list 1.. as number></#list>");
    return Map.of("NST_JAVA_OPTS", LauncherClassPath.optionWithResources(classes));
  }

  private String[] arguments(String[] submitOptions, SmallCatalogue catalogue) {
    return append(submitOptions, run(catalogue).toArray(new String[0]));
  }

  /** Adam makes every step, so each image has the same number of losses on every machine. */
  private List<String> run(SmallCatalogue catalogue) {
    return catalogue.run(
        output(), "killed", "--num-iterations", Integer.toString(STEPS), "--optimizer", "adam");
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
    return LivingFolder.files(output().resolve("images/v1")).stream()
        .filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}[.]png"))
        .toList();
  }
}
