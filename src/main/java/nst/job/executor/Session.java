package nst.job.executor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import nst.engine.torch.Libtorch;
import nst.engine.torch.TorchDevice;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExecutorReport;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** An open Spark session, on the master given to spark-submit or else in local mode. */
public final class Session implements AutoCloseable {
  /** Spark's configuration for local mode, a resource in the jar. */
  private static final String LOCAL_CONF = "spark-local.conf";

  /** Spark's minimum heap: one and a half times its reserved memory. */
  private static final long LEAST_HEAP = 450L << 20;

  /** The source of a fault, for messages. */
  private static final String SPARK = "spark configuration";

  private static final String MASTER = "spark.master";
  private static final String PLUGINS = "spark.plugins";

  /**
   * Settings for dates before 1582. By default, Spark 3.5 throws an exception for such a date in a
   * file of another program; Spark 4 reads and writes it as it is.
   */
  private static final List<String> REBASE_MODES =
      List.of(
          "spark.sql.parquet.datetimeRebaseModeInRead",
          "spark.sql.parquet.datetimeRebaseModeInWrite",
          "spark.sql.parquet.int96RebaseModeInRead",
          "spark.sql.parquet.int96RebaseModeInWrite");

  /** The settings that assign a GPU to each task. */
  private static final List<String> GPU_AMOUNTS =
      List.of("spark.executor.resource.gpu.amount", "spark.task.resource.gpu.amount");

  private final SparkSession spark;
  private final Optional<Devices> devices;

  /** The additional state of a session with devices. */
  private record Devices(Networks networks, ExecutorRegistry registry) {}

  private Session(SparkSession spark, Optional<Devices> devices) {
    this.spark = spark;
    this.devices = devices;
  }

  /**
   * Opens a session without devices; its executors load no engine.
   *
   * @throws InvalidInputException if the application would hang with this configuration
   */
  public static Session open(String appName) {
    requireHeap(Runtime.getRuntime().maxMemory());
    SparkConf conf = completed(new SparkConf(), "local[*]");
    return new Session(
        SparkSession.builder().config(conf).appName(appName).getOrCreate(), Optional.empty());
  }

  /**
   * Opens a session whose executors load their engine at start-up. The configuration and the
   * networks are checked before any executor is requested.
   *
   * @throws InvalidInputException if the application would hang with this configuration, would use
   *     another device than configured, or cannot use a configured network
   * @throws JobFailedException if this process is the executor and its device is absent
   */
  public static Session withDevices(String appName, RunConfig config) {
    requireHeap(Runtime.getRuntime().maxMemory());
    boolean gpu = config.device() == Setting.Device.GPU;
    SparkConf conf = completed(new SparkConf(), gpu ? "local[1]" : "local[*]");
    if (gpu) {
      requireOneGpuATask(conf);
      if (isLocal(conf.get(MASTER))) { // the executors of a cluster check their own
        Problems problems = new Problems();
        requireCuda(problems);
        problems.throwIfAny();
      }
    }
    Networks networks =
        Networks.of(
            config,
            new HadoopObjectStore(SparkHadoopUtil.get().newConfiguration(conf)),
            ExecutionMode.of(conf.get(MASTER)));
    EngineConfig engine = EngineConfig.of(config, networks);
    engine.write(conf);
    WarmUp.write(config, conf);
    ExecutorRegistry registry =
        new ExecutorRegistry(
            ExecutorRegistry.shape(engine, conf), config.seconds(Setting.EXECUTOR_WAIT));
    StyleTransferPlugin.use(registry);
    if (isLocal(conf.get(MASTER))) {
      logIn(); // it loads a library, and the JVM loads one after the other
      TorchDevice.loadInBackground(); // while Spark starts
    }
    try {
      return new Session(
          SparkSession.builder().config(conf).appName(appName).getOrCreate(),
          Optional.of(new Devices(networks, registry)));
    } catch (RuntimeException e) {
      TorchDevice.awaitLoading(e);
      throw registry.end().<RuntimeException>map(words -> ended(words, e)).orElse(e);
    }
  }

  private static void logIn() {
    try {
      UserGroupInformation.getCurrentUser();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot find out which user runs this process: " + e, e);
    }
  }

  /**
   * Completes Spark's configuration: adds missing values for local mode and the plugin of this
   * program.
   */
  static SparkConf completed(SparkConf conf, String master) {
    conf.setIfMissing(MASTER, master);
    if (isLocal(conf.get(MASTER))) {
      localDefaults().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
    }
    REBASE_MODES.forEach(key -> conf.setIfMissing(key, "CORRECTED"));
    refuseGpuKeysOnLocalMaster(conf);
    String plugin = StyleTransferPlugin.class.getName();
    String plugins = conf.get(PLUGINS, "");
    if (!List.of(plugins.split(",")).contains(plugin)) {
      conf.set(PLUGINS, plugins.isBlank() ? plugin : plugins + "," + plugin);
    }
    return conf;
  }

  /**
   * Runs the work. If the application was ended in the meantime, by a missing device or by the
   * cluster, the exception names that cause and not Spark's resulting error.
   *
   * @throws JobFailedException if the application was ended
   */
  public <T> T run(Function<Session, T> work) {
    try {
      return work.apply(this);
    } catch (Exception e) { // Scala code throws checked exceptions without declaring them
      Optional<String> end = devices.flatMap(held -> held.registry().end());
      if (end.isPresent()) {
        throw ended(end.get(), e);
      }
      if (spark.sparkContext().isStopped()) {
        throw ended(
            "the cluster ended the application; see its log and the logs of its workers for the"
                + " cause",
            e);
      }
      throw e;
    }
  }

  private static JobFailedException ended(String words, Exception e) {
    return new JobFailedException("The job cannot continue: " + words, e);
  }

  /**
   * The networks of the executors.
   *
   * @throws IllegalStateException in a session without devices
   */
  public Networks networks() {
    return withDevices().networks();
  }

  /** All executors that have loaded their engine. */
  public List<ExecutorReport.Ready> executors() {
    return withDevices().registry().reported();
  }

  private Devices withDevices() {
    return devices.orElseThrow(
        () -> new IllegalStateException("expected a session with devices, was one without"));
  }

  public SparkSession spark() {
    return spark;
  }

  /** The driver's object store. */
  public ObjectStore store() {
    return new HadoopObjectStore(spark.sparkContext().hadoopConfiguration());
  }

  /** The store for URIs from a manifest, limited by the policy. */
  public ObjectStore store(UriPolicy policy) {
    return HadoopObjectStore.within(policy, spark.sparkContext().hadoopConfiguration());
  }

  @Override
  public void close() {
    spark.stop();
  }

  /** Whether the driver and the executors are the same process. */
  public static boolean isLocal(String master) {
    return ExecutionMode.of(master) == ExecutionMode.LOCAL;
  }

  /** Checks the heap size. Spark's own message names options that this program does not use. */
  static void requireHeap(long bytes) {
    if (bytes < LEAST_HEAP) {
      throw new InvalidInputException(
          "heap",
          "",
          "expected at least "
              + (LEAST_HEAP >> 20)
              + " MB, which Spark needs, was "
              + (bytes >> 20)
              + " MB; set NST_HEAP to a larger value, such as 2g (with SPARK_HOME: --driver-memory"
              + " 2g)");
    }
  }

  /**
   * Refuses storage without a Hadoop driver in this installation, before anything is started.
   *
   * @param where the option that has this value
   * @param uri absolute
   */
  public void requireStorage(String where, String uri) {
    String scheme = Uris.scheme(uri);
    try {
      FileSystem.getFileSystemClass(scheme, spark.sparkContext().hadoopConfiguration());
    } catch (IOException e) {
      throw new InvalidInputException(
          where,
          "",
          "expected a local path or a URI of storage that Hadoop supports here (s3a, hdfs), was "
              + Redactor.of(uri));
    }
  }

  /**
   * Refuses GPU settings in local mode: Spark has no GPU resource there and would wait
   * indefinitely.
   */
  private static void refuseGpuKeysOnLocalMaster(SparkConf conf) {
    if (!isLocal(conf.get(MASTER))) {
      return;
    }
    for (String key : GPU_AMOUNTS) {
      if (conf.contains(key)) {
        throw new InvalidInputException(
            SPARK,
            key,
            "expected none with --master "
                + conf.get(MASTER)
                + ": Spark gives no GPU in local mode and would wait indefinitely. Remove this"
                + " setting and use device=gpu with --master local[1], or use a cluster");
      }
    }
  }

  /**
   * Requires one GPU per task. Two tasks on one GPU would share its memory; without the setting,
   * tasks would get no GPU address.
   */
  public static void requireOneGpuATask(SparkConf conf) {
    String master = conf.get(MASTER);
    if (isLocal(master)) {
      if (!master.equals("local") && !master.equals("local[1]")) {
        throw new InvalidInputException(
            SPARK,
            MASTER,
            "expected local[1] with device=gpu, was "
                + master
                + ", where several tasks would share one GPU");
      }
      return;
    }
    for (String key : GPU_AMOUNTS) {
      String amount = conf.get(key, "none");
      if (!amount.equals("1")) {
        throw new InvalidInputException(
            SPARK, key, "expected 1 with device=gpu, was " + amount + "; see conf/spark-gpu.conf");
      }
    }
  }

  /**
   * Requires a libtorch with CUDA in this process, before it is loaded.
   *
   * @param problems receives the fault, with the lines that install one
   */
  public static void requireCuda(Problems problems) {
    Libtorch.Check libtorch = Libtorch.here().check(true);
    if (!libtorch.works()) {
      problems.add(
          "configuration",
          Setting.DEVICE.key(),
          "expected a libtorch with CUDA with device=gpu, was "
              + libtorch.found()
              + "; "
              + libtorch.advice());
    }
  }

  private static Properties localDefaults() {
    Properties properties = new Properties();
    try (InputStream stream = Session.class.getResourceAsStream(LOCAL_CONF)) {
      if (stream == null) {
        throw new IllegalStateException(
            "the jar lacks its resource nst/job/executor/" + LOCAL_CONF);
      }
      properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the resource nst/job/executor/" + LOCAL_CONF, e);
    }
    return properties;
  }

  /** The number of devices: as configured, or the number of tasks that run at once. */
  public static int devices(SparkSession spark, RunConfig config) {
    long configured = config.whole(Setting.DEVICES);
    int cpus = spark.sparkContext().conf().getInt("spark.task.cpus", 1);
    return configured > 0
        ? Math.toIntExact(configured)
        : Math.max(1, spark.sparkContext().defaultParallelism() / cpus);
  }
}
