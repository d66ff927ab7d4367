package nst.job.executor;

import com.sun.management.OperatingSystemMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.SizeRule;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;

/**
 * The memory that one picture may take beside the process: rows that would take more are refused
 * before anything starts.
 *
 * @param bytes {@link Long#MAX_VALUE} where nothing is known
 * @param source where the number comes from, for messages
 */
public record MemoryLimit(long bytes, String source) implements Serializable {
  /** Of the machine, that the system and this process keep besides heap and pictures. */
  private static final long RESERVED = 1L << 30;

  private static final MemoryLimit NONE = new MemoryLimit(Long.MAX_VALUE, "no limit is known");

  /**
   * The configured limit; where none is configured, what is known of the place that computes:
   * nothing of a GPU or of executors whose overhead nobody has set.
   */
  public static MemoryLimit of(SparkSession spark, RunConfig config) {
    long configured = config.whole(Setting.MEMORY_MB);
    if (configured > 0) {
      return new MemoryLimit(configured << 20, Setting.MEMORY_MB.key());
    }
    return switch (config.device()) {
      case GPU -> NONE;
      case CPU -> ofProcess(spark);
    };
  }

  private static MemoryLimit ofProcess(SparkSession spark) {
    SparkConf conf = spark.sparkContext().conf();
    int cpus = Math.max(1, conf.getInt("spark.task.cpus", 1));
    if (Session.isLocal(conf.get("spark.master"))) {
      long tasks = Math.max(1, spark.sparkContext().defaultParallelism() / cpus);
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long machine = system.getTotalMemorySize() - Runtime.getRuntime().maxMemory() - RESERVED;
      return new MemoryLimit(
          machine / tasks, "this machine's memory less the heap, over " + tasks + " tasks");
    }
    if (conf.contains("spark.executor.memoryOverhead")) {
      long tasks = Math.max(1, conf.getInt("spark.executor.cores", 1) / cpus);
      long overhead = JavaUtils.byteStringAsMb(conf.get("spark.executor.memoryOverhead")) << 20;
      return new MemoryLimit(
          overhead / tasks, "spark.executor.memoryOverhead over " + tasks + " tasks");
    }
    return NONE;
  }

  /**
   * Refuses what would not fit. A photo that is worked on at its own size is not refused: nobody
   * has looked at it yet.
   *
   * @param size the picture's
   * @param needed bytes that it takes
   * @throws TransferException IMAGE_TOO_LARGE
   */
  public void require(TransferRequest request, Size size, long needed) {
    Hyperparameters h = request.hyperparameters();
    if (needed <= bytes || h.sizeRule() == SizeRule.CONTENT) {
      return;
    }
    Knob column = h.sizeRule() == SizeRule.EXACT ? Knob.IMAGE_WIDTH : Knob.IMAGE_SIZE;
    throw new TransferException(
        ErrorCode.IMAGE_TOO_LARGE,
        String.format(
            Locale.ROOT,
            "Invalid %s in row id=%s: expected a size whose picture takes at most %.1f GB (%s), was %s: %d x %d px take"
                + " about %.1f GB",
            column.key(),
            request.id(),
            bytes / 1e9,
            source,
            h.text(column),
            size.width(),
            size.height(),
            needed / 1e9));
  }
}
