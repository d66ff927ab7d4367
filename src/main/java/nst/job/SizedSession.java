package nst.job;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * Spark SQL, set for tables of so many rows, whatever the application's own is set for. A small
 * catalogue's queries are over before their compiler is: what they cost is their number of stages
 * and classes. A large one's are cut so that no task holds more than it can sort in memory.
 */
final class SizedSession {
  /** Fewer rows than this are small: one core plans them in less than a second. */
  static final long SMALL = 5_000;

  private static final long ROWS_PER_PARTITION = 100_000;
  private static final String PARTITIONS = "spark.sql.shuffle.partitions";

  private SizedSession() {}

  /** Another session of the same application. */
  static SparkSession of(SparkSession spark, long rows) {
    SparkSession sized = spark.newSession();
    settings(rows, Long.parseLong(spark.conf().get(PARTITIONS))).forEach(sized.conf()::set);
    return sized;
  }

  private static Map<String, String> settings(long rows, long partitions) {
    Map<String, String> settings = new TreeMap<>();
    // Keys and requests are nearly all different: looking for repetitions finds none.
    settings.put("spark.sql.inMemoryColumnarStorage.compressed", "false");
    if (rows < SMALL) {
      settings.put(PARTITIONS, "1");
      settings.put("spark.sql.adaptive.enabled", "false"); // a job of its own for every stage
      settings.put("spark.sql.codegen.wholeStage", "false");
      settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN"); // nor expressions one by one
    } else {
      settings.put(PARTITIONS, Long.toString(Math.max(partitions, rows / ROWS_PER_PARTITION)));
      settings.put("spark.sql.adaptive.advisoryPartitionSizeInBytes", "16m");
    }
    return settings;
  }
}
