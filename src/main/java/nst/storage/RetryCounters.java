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
 * How often a store had to be asked again. S3A counts its own retries and those of the AWS SDK
 * beneath it, for whoever uses the file system: rows, tables and listings alike; {@link
 * RetryPolicy} counts its own.
 *
 * @param retries requests sent again, but for the throttled ones
 * @param throttled answers that asked to slow down, as S3A saw them; those that the AWS SDK tried
 *     again beneath it are among the retries
 */
public record RetryCounters(long retries, long throttled) implements Serializable {
  public static final RetryCounters NONE = new RetryCounters(0, 0);

  /** Hadoop keeps each file system for as long as the process lives; so may this. */
  private static final Set<FileSystem> COUNTING = ConcurrentHashMap.newKeySet();

  private static final AtomicLong OUR_RETRIES = new AtomicLong();
  private static final AtomicLong OUR_THROTTLED = new AtomicLong();

  /** Something that is tried again above S3A, for this reason. */
  static void count(ErrorCode reason) {
    (reason == ErrorCode.THROTTLED ? OUR_THROTTLED : OUR_RETRIES).incrementAndGet();
  }

  static void countedBy(FileSystem fileSystem) {
    COUNTING.add(fileSystem);
  }

  /** Since this process began, over all its file systems. */
  public static RetryCounters ofThisProcess() {
    RetryCounters sum = new RetryCounters(OUR_RETRIES.get(), OUR_THROTTLED.get());
    for (FileSystem fileSystem : COUNTING) {
      IOStatistics statistics = IOStatisticsSupport.retrieveIOStatistics(fileSystem);
      if (statistics != null) { // Hadoop's way to say that a file system counts nothing
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
