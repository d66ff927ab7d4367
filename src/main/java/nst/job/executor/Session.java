package nst.job.executor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import nst.job.network.Locality;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.ExecutorReport;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/** Spark, opened: on the master that spark-submit named, else on this machine alone. */
public final class Session implements AutoCloseable {
  /** What a run on one machine needs of Spark, in the jar beside this class. */
  private static final String LOCAL_CONF = "spark-local.conf";

  /** Spark's own limit: one and a half times what it reserves. */
  private static final long LEAST_HEAP = 450L << 20;

  /** Where a fault lies, as messages name it. */
  private static final String SPARK = "spark configuration";

  private static final String MASTER = "spark.master";
  private static final String PLUGINS = "spark.plugins";

  /** What gives a task a device of its own. */
  private static final List<String> GPU_AMOUNTS =
      List.of("spark.executor.resource.gpu.amount", "spark.task.resource.gpu.amount");

  private final SparkSession spark;
  private final Optional<Devices> devices;

  /** What a session with devices knows beside Spark's own. */
  private record Devices(Networks networks, ExecutorRoll roll) {}

  private Session(SparkSession spark, Optional<Devices> devices) {
    this.spark = spark;
    this.devices = devices;
  }

  /**
   * A session that takes no device: its executors load no engine.
   *
   * @throws InvalidInputException where the configuration would hang
   */
  public static Session open(String appName) {
    requireHeap(Runtime.getRuntime().maxMemory());
    SparkConf conf = completed(new SparkConf(), "local[*]");
    return new Session(
        SparkSession.builder().config(conf).appName(appName).getOrCreate(), Optional.empty());
  }

  /**
   * A session whose executors load their engine as they start. The configuration and the network
   * are looked at before any executor is asked for.
   *
   * @throws InvalidInputException where the configuration would hang, would compute elsewhere than
   *     asked, or names a network that cannot be used
   * @throws JobFailedException where this process is the executor, and its device is absent
   */
  public static Session withDevices(String appName, RunConfig config) {
    requireHeap(Runtime.getRuntime().maxMemory());
    boolean gpu = config.device() == Setting.Device.GPU;
    SparkConf conf = completed(new SparkConf(), gpu ? "local[1]" : "local[*]");
    if (gpu) {
      requireOneGpuATask(conf);
    }
    Networks networks =
        Networks.of(
            config,
            new HadoopObjectStore(SparkHadoopUtil.get().newConfiguration(conf)),
            locality(conf.get(MASTER)));
    EngineConfig engine = EngineConfig.of(config, networks);
    engine.write(conf);
    ExecutorRoll roll =
        new ExecutorRoll(
            ExecutorRoll.shape(engine, conf),
            Duration.ofSeconds(config.whole(Setting.EXECUTOR_WAIT)));
    StyleTransferPlugin.enrol(roll);
    try {
      return new Session(
          SparkSession.builder().config(conf).appName(appName).getOrCreate(),
          Optional.of(new Devices(networks, roll)));
    } catch (RuntimeException e) {
      throw roll.end().<RuntimeException>map(words -> ended(words, e)).orElse(e);
    }
  }

  /** Spark's own configuration, ours where it says nothing, and our plugin beside a user's own. */
  static SparkConf completed(SparkConf conf, String master) {
    conf.setIfMissing(MASTER, master);
    if (isLocal(conf.get(MASTER))) {
      localDefaults().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
    }
    refuseGpuKeysOnLocalMaster(conf);
    String plugin = StyleTransferPlugin.class.getName();
    String plugins = conf.get(PLUGINS, "");
    if (!List.of(plugins.split(",")).contains(plugin)) {
      conf.set(PLUGINS, plugins.isBlank() ? plugin : plugins + "," + plugin);
    }
    return conf;
  }

  /**
   * Does the work. Where an executor's missing device, or the cluster, ended the application
   * meanwhile, that is the failure, and not what Spark says when it is ended under somebody's
   * hands.
   *
   * @throws JobFailedException where the application was ended
   */
  public <T> T run(Function<Session, T> work) {
    try {
      return work.apply(this);
    } catch (Exception e) { // Scala throws checked exceptions undeclared
      Optional<String> end = devices.flatMap(held -> held.roll().end());
      if (end.isPresent()) {
        throw ended(end.get(), e);
      }
      if (spark.sparkContext().isStopped()) {
        throw ended("the cluster ended the application; its log, and its workers', say why", e);
      }
      throw e;
    }
  }

  private static JobFailedException ended(String words, Exception e) {
    return new JobFailedException("The job cannot go on: " + words, e);
  }

  /**
   * The networks that the executors hold.
   *
   * @throws IllegalStateException in a session without devices
   */
  public Networks networks() {
    return withDevices().networks();
  }

  /** Every executor that came with its engine. */
  public List<ExecutorReport.Ready> executors() {
    return withDevices().roll().reported();
  }

  private Devices withDevices() {
    return devices.orElseThrow(
        () -> new IllegalStateException("expected a session with devices, was one without"));
  }

  public SparkSession spark() {
    return spark;
  }

  /** The driver's own way to objects. */
  public ObjectStore store() {
    return new HadoopObjectStore(spark.sparkContext().hadoopConfiguration());
  }

  /** The store for what a manifest names: it reads only what the policy allows. */
  public ObjectStore store(UriPolicy policy) {
    return HadoopObjectStore.within(policy, spark.sparkContext().hadoopConfiguration());
  }

  @Override
  public void close() {
    spark.stop();
  }

  public static Locality locality(String master) {
    return isLocal(master) ? Locality.ONE_PROCESS : Locality.CLUSTER;
  }

  /** Whether driver and executors are this one process. */
  public static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  /** Spark refuses a smaller heap in words of its own, which name options that are not ours. */
  static void requireHeap(long bytes) {
    if (bytes < LEAST_HEAP) {
      throw new InvalidInputException(
          "heap",
          "",
          "expected at least "
              + (LEAST_HEAP >> 20)
              + " MB, which Spark needs, was "
              + (bytes >> 20)
              + " MB; set NST_HEAP to more, 2g say (with SPARK_HOME: --driver-memory 2g)");
    }
  }

  /**
   * Refuses storage that this installation has no driver for, before anything is started.
   *
   * @param where the option that names it
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
          "expected a local path or a URI of storage that Hadoop knows here (s3a, hdfs), was "
              + Redactor.of(uri));
    }
  }

  /** Spark has no GPU resource in local mode, and waits for one for ever without a word. */
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
                + ": Spark gives no GPU in local mode and would wait for ever; use device=gpu with --master local[1]"
                + " alone, or a cluster");
      }
    }
  }

  /** Two tasks on one GPU would share its memory; no address at all would be a task for none. */
  static void requireOneGpuATask(SparkConf conf) {
    String master = conf.get(MASTER);
    if (isLocal(master)) {
      if (!master.equals("local") && !master.equals("local[1]")) {
        throw new InvalidInputException(
            SPARK,
            MASTER,
            "expected local[1] with device=gpu, was "
                + master
                + ": all its tasks would share one GPU");
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
}
