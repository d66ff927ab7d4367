package nst.job.executor;

import com.sun.management.OperatingSystemMXBean;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import nst.engine.sizing.Sizing;
import nst.engine.tile.TileSize;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.SizeChoices.SizeRule;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.SparkSession;

/**
 * The memory outside the heap for one image. Rows that need more are refused by the plan.
 *
 * @param bytes the limit; {@link Long#MAX_VALUE} if it is not known
 * @param source the source of the limit, for messages
 * @param tileSize the tiles of larger images
 */
public record MemoryLimit(long bytes, String source, TileSize tileSize) implements Serializable {
  /** Bytes reserved for the system and for other memory of this process. */
  private static final long RESERVED = 1L << 30;

  private static final MemoryLimit NONE = new MemoryLimit(Long.MAX_VALUE, "no limit is known");

  /** A limit for images that are computed whole. */
  public MemoryLimit(long bytes, String source) {
    this(bytes, source, TileSize.NONE);
  }

  /**
   * The configured limit, or else a limit derived from the machine or from Spark's configuration.
   * There is no limit for a GPU, or for executors without a configured memory overhead.
   */
  public static MemoryLimit of(SparkSession spark, RunConfig config) {
    MemoryLimit limit = ofImage(spark, config);
    return new MemoryLimit(
        limit.bytes, limit.source, new TileSize(config.integer(Setting.TILE_SIZE)));
  }

  private static MemoryLimit ofImage(SparkSession spark, RunConfig config) {
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
          machine / tasks, "the machine's memory without the heap, for " + tasks + " tasks");
    }
    if (conf.contains("spark.executor.memoryOverhead")) {
      long tasks = Math.max(1, conf.getInt("spark.executor.cores", 1) / cpus);
      long overhead = JavaUtils.byteStringAsMb(conf.get("spark.executor.memoryOverhead")) << 20;
      return new MemoryLimit(
          overhead / tasks, "spark.executor.memoryOverhead for " + tasks + " tasks");
    }
    return NONE;
  }

  /** The bytes that an image needs, {@link Sizing#memoryBytes}. */
  public long needed(Size size, Precision precision, Hyperparameters hyperparameters) {
    return Sizing.memoryBytes(size, precision, hyperparameters, tileSize);
  }

  /**
   * Refuses an image that would not fit. Rows with size_rule=content are not refused, because the
   * size of the photo is not known yet.
   *
   * @param size the size of the image
   * @param needed the bytes that it needs
   * @throws TransferException IMAGE_TOO_LARGE if it would not fit
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
            "Invalid %s in row id=%s: expected a size that needs at most %.1f GB (%s), was %s: %d x %d px need"
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
