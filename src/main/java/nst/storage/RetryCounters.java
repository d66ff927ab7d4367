package nst.storage;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import nst.model.ErrorCode;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSupport;
import org.apache.hadoop.fs.statistics.StoreStatisticNames;

/**
 * Counts of retried storage requests. S3A counts its own retries and those of the AWS SDK for all
 * uses of the file system: rows, tables and listings. {@link RetryPolicy} counts its own.
 *
 * @param retries retried requests, without the throttled ones
 * @param throttled throttling responses seen by S3A; those that the AWS SDK retried itself are
 *     counted in {@code retries}
 */
public record RetryCounters(long retries, long throttled) implements Serializable {
  public static final RetryCounters NONE = new RetryCounters(0, 0);

  /** Never cleared: Hadoop also keeps each file system until the process ends. */
  private static final Set<FileSystem> COUNTING = ConcurrentHashMap.newKeySet();

  private static final AtomicLong OUR_RETRIES = new AtomicLong();
  private static final AtomicLong OUR_THROTTLED = new AtomicLong();

  /** Counts a retry made above S3A, for this reason. */
  static void count(ErrorCode reason) {
    (reason == ErrorCode.THROTTLED ? OUR_THROTTLED : OUR_RETRIES).incrementAndGet();
  }

  static void countedBy(FileSystem fileSystem) {
    COUNTING.add(fileSystem);
  }

  /** The totals of this process since its start, over all file systems. */
  public static RetryCounters ofThisProcess() {
    RetryCounters sum = new RetryCounters(OUR_RETRIES.get(), OUR_THROTTLED.get());
    for (FileSystem fileSystem : COUNTING) {
      IOStatistics statistics = IOStatisticsSupport.retrieveIOStatistics(fileSystem);
      if (statistics != null) { // null if the file system keeps no statistics
        sum = sum.plus(of(statistics.counters()));
      }
    }
    return sum;
  }

  private static RetryCounters of(Map<String, Long> counters) {
    return new RetryCounters(
        counters.getOrDefault(StoreStatisticNames.STORE_IO_RETRY, 0L),
        counters.getOrDefault(StoreStatisticNames.STORE_IO_THROTTLED, 0L));
  }

  public RetryCounters plus(RetryCounters other) {
    return new RetryCounters(retries + other.retries, throttled + other.throttled);
  }

  public RetryCounters since(RetryCounters before) {
    return new RetryCounters(retries - before.retries, throttled - before.throttled);
  }
}
