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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.engine.network.HeldOperations;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests runs on a standalone cluster: workers and executors are separate processes. So is the
 * driver, unless the test is only about executors that do not start. The GPUs exist only in their
 * discovery scripts, so images are computed with {@code device=cpu} on executors with GPU
 * addresses. The handling of addresses does not depend on the device.
 */
class ClusterIT {
  /** The sizes of the rows in pixels, see {@link SmallCatalogue}. */
  private static final int SIZE = 64;

  private static final Pattern READY = Pattern.compile("Executor has its engine");
  private static final Pattern LOADED = Pattern.compile("Loaded the engine: Ready\\[(.*)]");
  private static final Pattern TASK =
      Pattern.compile("Task (\\d+) works on (\\S+), addresses (\\[[^]]*])");

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static SmallCatalogue catalogue;

  @BeforeAll
  static void startTheCluster() throws IOException {
    catalogue = SmallCatalogue.of(folder, 9);
    cluster = StandaloneCluster.start(folder).worker("0", "1").worker("2");
  }

  @AfterAll
  static void endTheCluster() {
    cluster.close();
  }

  @Test
  void eachExecutorLoadsItsEngineOnceOnAnAddressOfItsOwn() throws Exception {
    HeldOperations held = HeldOperations.hanging(folder.resolve("held"), SIZE);
    Command command =
        Command.start(
            folder,
            arguments(
                cluster.submitOptions(StandaloneCluster.executorResourcesOption(held.folder())),
                "once",
                SmallCatalogue.weights(folder).toArray(new String[0])));
    Command.Outcome outcome = letGoOnceAllAreThere(held, command, 3);

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(outcome.out());
    assertThat(summary.get("rows").get("ok").asInt()).isEqualTo(9);
    assertThat(summary.get("rows").get("total").asInt()).isEqualTo(11);
    assertThat(summary.get("images_per_hour").asDouble()).as("told by tasks").isPositive();
    JsonNode executors = summary.get("executors");
    assertThat(executors).hasSize(3);
    assertThat(executors.findValuesAsText("pid")).doesNotHaveDuplicates();
    assertThat(executors.findValuesAsText("device")).containsOnly("cpu");
    Map<String, String> addresses = new TreeMap<>();
    executors.forEach(
        executor ->
            addresses.put(executor.get("gpu_addresses").toString(), executor.get("id").asText()));
    assertThat(addresses).containsOnlyKeys("[\"0\"]", "[\"1\"]", "[\"2\"]");

    int tasks = 0;
    for (String log : logsWithAnEngine(3)) {
      List<String> loads = all(LOADED, log, 1);
      assertThat(loads).as("loads of one process").hasSize(1);
      String own = loads.get(0).replaceAll(".*addresses=(\\[[^]]*]).*", "$1");
      assertThat(all(TASK, log, 3)).as("addresses of its tasks").allMatch(own::equals);
      tasks += all(TASK, log, 3).size();
    }
    assertThat(tasks).isPositive();
    for (Row row : metrics("once")) {
      assertThat(addresses.values()).contains(row.<String>getAs("executor_id"));
      assertThat(row.<String>getAs("device")).isEqualTo("cpu");
    }
  }

  /**
   * Ensures that no row is finished, and the run is not over, before the last executor has started.
   */
  private static Command.Outcome letGoOnceAllAreThere(
      HeldOperations held, Command command, int executors) throws Exception {
    Await.until(
        executors + " executors with an engine",
        () -> all(READY, command.log(), 0).size() >= executors || !command.process().isAlive());
    held.letGo();
    return command.outcome();
  }

  /** Returns the logs of the executors and checks their number. */
  private static List<String> logsWithAnEngine(int count) {
    List<String> logs =
        cluster.executorLogs().stream().filter(log -> LOADED.matcher(log).find()).toList();
    assertThat(logs).hasSize(count);
    return logs;
  }

  @Test
  void aGpuThatIsNotThereEndsTheApplicationAtItsStart() throws IOException {
    Command.Outcome outcome =
        cluster.drive(Map.of("spark.cores.max", "1"), command("absent", "--device", "gpu"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err())
        .contains("The job cannot continue: executor ")
        .contains("requested device=gpu. Cannot open device gpu:")
        .contains("this JVM sees 0 GPUs");
    assertThat(output("absent").resolve("runs/run_date=2026-01-01/run_id=absent/_RUN.json"))
        .doesNotExist();
  }

  /**
   * Spark executors receive SIGPWR when their machine will be taken away. One failed task would end
   * this run.
   */
  @Test
  void anExecutorWithASpotNoticeEndsAfterItsTaskWithoutAFailure() throws Exception {
    HeldOperations held = HeldOperations.hanging(folder.resolve("notice"), SIZE);
    List<String> options =
        new ArrayList<>(List.of(StandaloneCluster.executorResourcesOption(held.folder())));
    options.addAll(List.of("--conf", "spark.cores.max=2", "--conf", "spark.task.maxFailures=1"));
    options.addAll(List.of("--conf", "spark.decommission.enabled=true"));
    Command command =
        Command.start(
            folder, arguments(cluster.submitOptions(options.toArray(new String[0])), "notice"));
    Await.until(
        "2 executors that work",
        () ->
            cluster.executors().stream().filter(e -> tasks(e.pid()) > 0).count() == 2
                || !command.process().isAlive());
    ProcessHandle noticed = cluster.executors().get(0);
    Process signal = new ProcessBuilder("kill", "-PWR", noticed.pid() + "").inheritIO().start();
    assertThat(signal.waitFor()).isZero();
    Await.until(
        "a notice that the driver has been told of",
        () ->
            logOf(noticed.pid()).contains("Decommission executor") || !command.process().isAlive());
    held.letGo();
    Command.Outcome outcome = command.outcome();

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(tasks(noticed.pid())).as("tasks of the executor with the notice").isEqualTo(1);
    assertThat(metrics("notice")).hasSize(9);
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
        .contains("requested with device=cpu, 1 GPU, 1 cores and 64g on spark://");
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
    Command.Outcome outcome = letGoOnceAllAreThere(held, command, 2);

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
