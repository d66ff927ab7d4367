package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.table.RowTable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext$;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;

/**
 * A standalone Spark cluster on this machine. The master is in this JVM; workers are processes that
 * start executors, with the jars of this build. Workers offer cores, and GPUs that exist only in
 * their discovery scripts.
 */
final class StandaloneCluster implements AutoCloseable {
  /** Spark's cores of an executor and of its task, which then fetches two rows at the same time. */
  static final int CORES = 3;

  private static final String EXECUTOR_CLASS_PATH = "spark.executor.extraClassPath";
  private static final Duration START = Duration.ofMinutes(10);
  private static final String REGISTERED = "Successfully registered with master";

  private final Path folder;
  private final Path home;
  private final List<Process> workers = new ArrayList<>();
  private final RpcEnv master;
  private final String url;

  private StandaloneCluster(Path folder) {
    this.folder = folder;
    this.home = home(folder);
    this.master = Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, new SparkConf(false))._1();
    this.url = master.address().toSparkURL();
  }

  /** Starts a master without workers. */
  static StandaloneCluster start(Path folder) {
    return new StandaloneCluster(folder);
  }

  /**
   * Creates a folder like a Spark distribution's, in which the launcher of executors expects {@code
   * jars/}. It contains links to the jars that {@code submit.sh} uses.
   */
  static Path home(Path folder) {
    try {
      Path jars = Files.createDirectories(folder.resolve("home").resolve("jars"));
      for (String jar : Files.readString(Path.of("target/classpath")).strip().split(":", -1)) {
        Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
      }
      return jars.getParent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a discovery script, which tells Spark the GPUs of a machine. */
  static Path discoveryScript(Path folder, String addresses) {
    try {
      Path script = Files.createTempFile(folder, "gpus", ".sh");
      Files.writeString(
          script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [" + addresses + "]}'\n");
      if (!script.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + script);
      }
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds a worker.
   *
   * @param gpus the addresses of its GPUs; it has {@link #CORES} cores and 1 GB for each
   */
  StandaloneCluster worker(String... gpus) {
    String name = "worker" + workers.size();
    String addresses = String.join(",", Arrays.stream(gpus).map(gpu -> '"' + gpu + '"').toList());
    Process worker =
        start(
            name,
            List.of(
                "-Dspark.worker.resource.gpu.amount=" + gpus.length,
                "-Dspark.worker.resource.gpu.discoveryScript="
                    + discoveryScript(folder, addresses)),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            "--cores",
            Integer.toString(CORES * gpus.length),
            "--memory",
            gpus.length + "g",
            "--work-dir",
            folder.resolve(name).toString(),
            url);
    workers.add(worker);
    awaitRegistration(name, worker);
    return this;
  }

  /** Returns the options of a driver: executors with one GPU each. */
  String[] submitOptions(String... more) {
    List<String> options = new ArrayList<>();
    settings().forEach((key, value) -> options.addAll(List.of("--conf", key + "=" + value)));
    options.addAll(List.of(more));
    options.add("--");
    return options.toArray(new String[0]);
  }

  /**
   * Runs a command whose driver is this JVM, which saves the start of a process.
   *
   * @param more settings that replace or complete {@link #settings}
   */
  Command.Outcome drive(Map<String, String> more, List<String> arguments) {
    Map<String, String> settings = settings();
    settings.putAll(more);
    Command.Outcome outcome = Command.here(settings, arguments.toArray(new String[0]));
    awaitEndOfSpark();
    return outcome;
  }

  /**
   * If an executor ended the application, another thread is still stopping Spark, and the next
   * session would get the stopped context.
   */
  private static void awaitEndOfSpark() {
    try {
      Await.until(
          "the end of the driver's Spark", () -> SparkContext$.MODULE$.getActive().isEmpty());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the setting with which executors find resources in this folder first. */
  static Map<String, String> executorResources(Path folder) {
    return Map.of(EXECUTOR_CLASS_PATH, LauncherClassPath.withResources(folder));
  }

  /** Returns the same as an option of spark-submit. */
  static String[] executorResourcesOption(Path folder) {
    return new String[] {
      "--conf", EXECUTOR_CLASS_PATH + "=" + LauncherClassPath.withResources(folder)
    };
  }

  /** Returns the same as Spark settings, including the master. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.master", url);
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.sql.shuffle.partitions", "2");
    settings.put(RowTable.LIMIT, "0"); // rows stay in Spark, like those of a large manifest
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN"); // RowTableIT compiles such queries
    // Executors load the jar's classes from their class path and not from Spark's copy of the jar,
    // because the archive has no classes of other loaders. On a local cluster (ClusterIT) and with
    // stock distributions (.ci/spark-submit.sh), they use the copy.
    settings.put(EXECUTOR_CLASS_PATH, LauncherClassPath.jars());
    settings.put(
        "spark.executor.extraJavaOptions",
        "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + LauncherClassPath.archiveOption());
    settings.put("spark.executor.cores", Integer.toString(CORES));
    settings.put("spark.task.cpus", Integer.toString(CORES));
    settings.put("spark.executor.memory", "1g");
    settings.put("spark.executor.resource.gpu.amount", "1");
    settings.put("spark.task.resource.gpu.amount", "1");
    return settings;
  }

  /**
   * Returns the running executors: the children of each worker, in the order of their process ids.
   */
  List<ProcessHandle> executors() {
    return workers.stream()
        .flatMap(worker -> worker.toHandle().children())
        .filter(ProcessHandle::isAlive)
        .sorted(Comparator.comparingLong(ProcessHandle::pid))
        .toList();
  }

  /** Returns the logs of all executors so far. */
  List<String> executorLogs() {
    List<String> logs = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      try {
        for (Path file : LivingFolder.files(folder.resolve("worker" + i))) {
          if (file.endsWith("stderr")) {
            logs.add(Files.readString(file));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return logs;
  }

  private Process start(String name, List<String> properties, String... mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(properties);
    command.addAll(List.of(LauncherClassPath.archiveOption(), "-cp", LauncherClassPath.jars()));
    command.addAll(List.of(mainAndArguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log(name).toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder
        .environment()
        .put("SPARK_SCALA_VERSION", "2.12"); // the scripts of a distribution set it
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private void awaitRegistration(String name, Process worker) {
    Instant end = Instant.now().plus(START);
    try {
      while (worker.isAlive() && Instant.now().isBefore(end)) {
        if (Files.readString(log(name)).contains(REGISTERED)) {
          return;
        }
        Thread.sleep(50);
      }
      throw new AssertionError(name + " has not started: " + Files.readString(log(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends the master and every process that this object started. */
  @Override
  public void close() {
    executors().forEach(ProcessHandle::destroyForcibly);
    workers.forEach(Process::destroyForcibly);
    master.shutdown();
  }
}
