package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.engine.network.HeldOperations;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests runs on a standalone cluster: workers and executors are separate processes. The driver is
 * this JVM, except on a local cluster. The GPUs exist only in their discovery scripts, so images
 * are computed with {@code device=cpu} on executors with GPU addresses. The handling of addresses
 * does not depend on the device.
 */
class ClusterIT {
  /** The sizes of the rows in pixels, see {@link SmallCatalogue}. */
  private static final int SIZE = 64;

  private static final int ROWS = 9;

  private static final Pattern READY = Pattern.compile("Executor has its engine");
  private static final Pattern LOADED = Pattern.compile("Loaded the engine: Ready\\[(.*)]");
  private static final Pattern TASK =
      Pattern.compile("Task (\\d+) works on (\\S+), addresses (\\[[^]]*])");

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static SmallCatalogue catalogue;

  /** The executors of the whole run, before one of them received a spot notice. */
  private static List<Long> pids;

  private static long noticed;
  private static Command.Outcome whole;
  private static List<String> logs;
  private static List<Row> rows;

  @BeforeAll
  static void runOnThreeExecutors() throws Exception {
    catalogue = SmallCatalogue.of(folder, ROWS);
    cluster = StandaloneCluster.start(folder).worker("0", "1").worker("2");
    HeldOperations held = HeldOperations.hanging(folder.resolve("held"), SIZE);
    Map<String, String> settings =
        new TreeMap<>(StandaloneCluster.executorResources(held.folder()));
    settings.put("spark.decommission.enabled", "true");
    settings.put("spark.task.maxFailures", "1"); // one failed task would end this run
    CompletableFuture<Command.Outcome> driver =
        CompletableFuture.supplyAsync(() -> cluster.drive(settings, command("whole")));
    Await.until("3 executors that work", () -> working().size() == 3 || driver.isDone());
    pids = working();
    noticed = pids.get(0);
    giveASpotNotice(noticed, driver);
    held.letGo();
    whole = driver.get();
    rows = metrics("whole");
    logs = cluster.executorLogs().stream().filter(log -> LOADED.matcher(log).find()).toList();
  }

  @AfterAll
  static void endTheCluster() {
    cluster.close();
  }

  /** The process ids of the executors that have started a row. All rows are held. */
  private static List<Long> working() {
    return cluster.executors().stream()
        .map(ProcessHandle::pid)
        .filter(pid -> tasks(pid) > 0)
        .toList();
  }

  /** Spark executors receive SIGPWR when their machine will be taken away. */
  private static void giveASpotNotice(long pid, CompletableFuture<Command.Outcome> driver)
      throws Exception {
    Process signal = new ProcessBuilder("kill", "-PWR", Long.toString(pid)).inheritIO().start();
    assertThat(signal.waitFor()).isZero();
    Await.until(
        "a notice that the driver has been told of",
        () -> logOf(pid).contains("Decommission executor") || driver.isDone());
  }

  @Test
  void eachExecutorLoadsItsEngineOnceOnAnAddressOfItsOwn() throws Exception {
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(whole.out());
    assertThat(summary.get("rows").get("ok").asInt()).isEqualTo(ROWS);
    assertThat(summary.get("rows").get("total").asInt()).isEqualTo(ROWS + 2);
    assertThat(summary.get("images_per_hour").asDouble()).as("told by tasks").isPositive();
    JsonNode executors = summary.get("executors");
    assertThat(executors.findValuesAsText("pid")).doesNotHaveDuplicates();
    assertThat(executors.findValuesAsText("device")).containsOnly("cpu");
    Map<Long, String> addresses = new TreeMap<>();
    executors.forEach(
        executor ->
            addresses.put(executor.get("pid").asLong(), executor.get("gpu_addresses").toString()));
    // The address of the executor with a notice may have been given to another one after its end.
    assertThat(pids.stream().map(addresses::get))
        .containsExactlyInAnyOrder("[\"0\"]", "[\"1\"]", "[\"2\"]");

    assertThat(logs).hasSizeGreaterThanOrEqualTo(3);
    int tasks = 0;
    for (String log : logs) {
      List<String> loads = all(LOADED, log, 1);
      assertThat(loads).as("loads of one process").hasSize(1);
      String own = loads.get(0).replaceAll(".*addresses=(\\[[^]]*]).*", "$1");
      assertThat(all(TASK, log, 3)).as("addresses of its tasks").allMatch(own::equals);
      tasks += all(TASK, log, 3).size();
    }
    assertThat(tasks).isPositive();
    for (Row row : rows) {
      assertThat(executors.findValuesAsText("id")).contains(row.<String>getAs("executor_id"));
      assertThat(row.<String>getAs("device")).isEqualTo("cpu");
    }
  }

  @Test
  void anExecutorWithASpotNoticeEndsAfterItsTaskWithoutAFailure() {
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(tasks(noticed)).as("tasks of the executor with the notice").isEqualTo(1);
    assertThat(rows).hasSize(ROWS);
  }

  @Test
  void aGpuThatIsNotThereEndsTheApplicationAtItsStart() throws IOException {
    Command.Outcome outcome =
        cluster.drive(
            Map.of("spark.cores.max", Integer.toString(StandaloneCluster.CORES)),
            command("absent", "--device", "gpu"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err())
        .contains("The job cannot continue: executor ")
        .contains("requested device=gpu. Cannot open device gpu:")
        .contains("this JVM sees 0 GPUs");
    assertThat(output("absent").resolve("runs/run_date=2026-01-01/run_id=absent/_RUN.json"))
        .doesNotExist();
  }

  /** Returns the number of row tasks that an executor has started. */
  private static long tasks(long pid) {
    return all(TASK, logOf(pid), 0).size();
  }

  /** Returns the log of the executor with a process id; empty before it has its engine. */
  private static String logOf(long pid) {
    return cluster.executorLogs().stream()
        .filter(log -> all(LOADED, log, 1).stream().anyMatch(r -> r.contains("pid=" + pid + ",")))
        .findFirst()
        .orElse("");
  }

  @Test
  void executorsThatNeverComeAreNotAwaitedForEver() {
    Command.Outcome outcome =
        cluster.drive(
            Map.of("spark.executor.memory", "64g"),
            command("never", "--executors-wait-seconds", "3"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err())
        .contains("no executor with an engine for 3 s")
        .contains("requested with device=cpu, 1 GPU, 3 cores and 64g on spark://");
  }

  @Test
  void onALocalClusterEachExecutorHasAnAddressOfItsOwnToo() throws Exception {
    Path home = StandaloneCluster.home(Files.createDirectory(folder.resolve("local-cluster")));
    HeldOperations held = HeldOperations.hanging(home.resolve("held"), SIZE);
    String[] options = {
      "--master",
      "local-cluster[2,1,1024]",
      "--conf",
      "spark.worker.resource.gpu.amount=1",
      "--conf",
      "spark.worker.resource.gpu.discoveryScript=" + countingScript(home),
      "--conf",
      "spark.executor.resource.gpu.amount=1",
      "--conf",
      "spark.task.resource.gpu.amount=1",
      "--conf",
      "spark.sql.shuffle.partitions=2",
      "--conf",
      "spark.sql.codegen.wholeStage=false",
      "--conf",
      "spark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
      "--conf",
      "spark.executor.extraClassPath=" + held.folder(), // the module; all classes come from Spark
      "--conf",
      "spark.ui.enabled=false",
      "--"
    };
    Command command = Command.startIn(home, folder, arguments(options, "local"));
    Await.until(
        "2 executors with an engine", // so that no row is finished before the last one has started
        () -> all(READY, command.log(), 0).size() >= 2 || !command.process().isAlive());
    held.letGo();
    Command.Outcome outcome = command.outcome();

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode executors = new ObjectMapper().readTree(outcome.out()).get("executors");
    assertThat(executors.findValuesAsText("pid")).hasSize(2).doesNotHaveDuplicates();
    assertThat(executors.findValues("gpu_addresses").stream().map(JsonNode::toString))
        .containsExactlyInAnyOrder("[\"0\"]", "[\"1\"]");
  }

  /** Each worker that asks gets another GPU, as if it were another machine. */
  private static Path countingScript(Path home) throws IOException {
    Path script = StandaloneCluster.discoveryScript(home, "");
    Files.writeString(
        script,
        "#!/bin/sh\nn=0\nuntil mkdir "
            + home
            + "/gpu$n 2>/dev/null; do n=$((n+1)); done\n"
            + "echo \"{\\\"name\\\": \\\"gpu\\\", \\\"addresses\\\": [\\\"$n\\\"]}\"\n");
    return script;
  }

  private static String[] arguments(String[] options, String runId, String... more) {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.addAll(command(runId, more));
    return arguments.toArray(new String[0]);
  }

  private static List<String> command(String runId, String... more) {
    List<String> command = catalogue.run(output(runId), runId, "--num-iterations", "4", "--json");
    command.addAll(List.of(more));
    return command;
  }

  private static Path output(String runId) {
    return folder.resolve("out-" + runId);
  }

  /** Returns the rows with an image. */
  private static List<Row> metrics(String runId) {
    return TestSpark.spark()
        .read()
        .parquet(output(runId) + "/runs/run_date=2026-01-01/run_id=" + runId + "/metrics")
        .where("status = 'OK'")
        .collectAsList();
  }

  private static List<String> all(Pattern pattern, String text, int group) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(group));
    }
    return found;
  }
}
