package nst.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import nst.model.InvalidInputException;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark, opened: on the master that spark-submit named, else on this machine alone. */
public final class Session implements AutoCloseable {
  /** What a run on one machine needs of Spark, beside the jar in the repository. */
  private static final Path LOCAL_CONF = Path.of("conf", "spark-local.conf");

  private final SparkSession spark;

  private Session(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * A session whose executors carry our plugin.
   *
   * @throws InvalidInputException where the configuration would hang or compute elsewhere than
   *     asked
   */
  public static Session open(String appName) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.master", "local[*]");
    if (isLocal(conf.get("spark.master"))) {
      localDefaults().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
    }
    refuseGpuKeysOnLocalMaster(conf);
    conf.set("spark.plugins", StyleTransferPlugin.class.getName());
    return new Session(SparkSession.builder().config(conf).appName(appName).getOrCreate());
  }

  SparkSession spark() {
    return spark;
  }

  /** The driver's own way to objects. */
  public ObjectStore store() {
    return new HadoopObjectStore(spark.sparkContext().hadoopConfiguration());
  }

  @Override
  public void close() {
    spark.stop();
  }

  /** Whether driver and executors are this one process. */
  static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  /** Spark has no GPU resource in local mode, and waits for one for ever without a word. */
  private static void refuseGpuKeysOnLocalMaster(SparkConf conf) {
    if (!isLocal(conf.get("spark.master"))) {
      return;
    }
    for (String key :
        new String[] {"spark.executor.resource.gpu.amount", "spark.task.resource.gpu.amount"}) {
      if (conf.contains(key)) {
        throw new InvalidInputException(
            "spark configuration",
            key,
            "expected none with --master "
                + conf.get("spark.master")
                + ": Spark gives no GPU in local mode and would wait for ever; use device=gpu with --master local[1]"
                + " alone, or a cluster");
      }
    }
  }

  private static Properties localDefaults() {
    Properties properties = new Properties();
    if (Files.exists(LOCAL_CONF)) {
      try (Reader reader = Files.newBufferedReader(LOCAL_CONF)) {
        properties.load(reader);
      } catch (IOException e) {
        throw new InvalidInputException(
            LOCAL_CONF.toString(), "", "cannot be read: " + e.getMessage());
      }
    }
    return properties;
  }
}
