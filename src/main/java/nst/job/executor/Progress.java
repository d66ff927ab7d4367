package nst.job.executor;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import nst.model.TransferResult.Status;
import nst.storage.RetryCounters;

/**
 * The progress of a run as reported by its tasks, for display only. A task that runs twice also
 * reports twice, so exact counts must come from the tables.
 */
public final class Progress {

  /**
   * The message of a task about a finished row.
   *
   * @param key of the row's image
   * @param failure the name of the error code, or empty
   * @param predictedSeconds the time predicted by the plan
   * @param deviceSeconds how long the row held its device
   */
  public record RowDone(
      String key,
      Status status,
      String failure,
      double predictedSeconds,
      double deviceSeconds,
      Health executor)
      implements Serializable {}

  /** A message about a row that is not finished. */
  public interface Intermediate {}

  /**
   * The message of a task about how far a row is.
   *
   * @param key of the row's image
   * @param predictedSeconds the time predicted by the plan
   * @param share the share of its steps that is done, in [0, 1]
   * @param deviceSeconds how long the row has held its device
   */
  public record Steps(String key, double predictedSeconds, double share, double deviceSeconds)
      implements Intermediate, Serializable {}

  /**
   * The state of an executor.
   *
   * @param memoryBytes the peak resident memory; 0 if unknown
   * @param storageRetries the storage retries since it started
   */
  public record Health(String executorId, long memoryBytes, RetryCounters storageRetries)
      implements Serializable {}

  /**
   * The progress at one moment.
   *
   * @param rows the number of rows to compute
   * @param done the number of rows that succeeded
   * @param failed the number of rows that failed
   * @param imagesPerHour successful rows per hour since the start, with the shares of rows in
   *     progress; 0 if none is known
   * @param secondsLeft the remaining time, from the plan's prediction and the time used so far;
   *     negative if unknown
   * @param deviceSeconds how long rows have held devices
   * @param executors the number of executors that have reported
   * @param memoryBytes the largest peak resident memory of an executor
   * @param storageRetries the storage retries of all executors and the driver
   */
  public record Snapshot(
      long rows,
      long done,
      long failed,
      double imagesPerHour,
      double secondsLeft,
      double deviceSeconds,
      Map<String, Long> failures,
      int executors,
      long memoryBytes,
      RetryCounters storageRetries) {
    public Snapshot {
      failures = new TreeMap<>(failures);
    }
  }

  private static final String DRIVER = "driver"; // Spark's executor id for the driver in local mode

  private final long rows;
  private final double predictedSeconds;
  private final RetryCounters before;
  private final long startNanos = System.nanoTime();
  private final TreeMap<String, Long> failures = new TreeMap<>();
  private final TreeMap<String, Health> executors = new TreeMap<>();
  private final Map<String, Steps> inWork = new HashMap<>();
  private long done;
  private long failed;
  private double predictedDone;
  private double deviceSeconds;
  private double elapsedAtEnd;

  /**
   * Starts with no finished rows.
   *
   * @param rows the number of rows to compute
   * @param before the driver's storage retries before the run
   */
  public Progress(long rows, double predictedSeconds, RetryCounters before) {
    this.rows = rows;
    this.predictedSeconds = predictedSeconds;
    this.before = before;
  }

  public synchronized void add(Steps row) {
    inWork.put(row.key(), row); // if the row is computed again, it begins again
  }

  public synchronized void add(RowDone row) {
    inWork.remove(row.key());
    if (row.status() == Status.FAILED) {
      failed++;
      failures.merge(row.failure(), 1L, Long::sum);
    } else {
      done++;
    }
    predictedDone += row.predictedSeconds();
    deviceSeconds += row.deviceSeconds();
    executors.merge(row.executor().executorId(), row.executor(), Progress::later);
  }

  /**
   * Messages may arrive out of order. These values only increase, so the larger one is the later
   * one.
   */
  private static Health later(Health a, Health b) {
    return new Health(
        a.executorId(),
        Math.max(a.memoryBytes(), b.memoryBytes()),
        new RetryCounters(
            Math.max(a.storageRetries().retries(), b.storageRetries().retries()),
            Math.max(a.storageRetries().throttled(), b.storageRetries().throttled())));
  }

  /** Stops the clock when all rows are finished. */
  public synchronized void over() {
    elapsedAtEnd = elapsed();
    inWork.clear();
  }

  public synchronized Snapshot snapshot() {
    double elapsed = elapsed();
    double predicted = predictedDone + sum(row -> row.share() * row.predictedSeconds());
    double share = predictedSeconds == 0 ? 0 : Math.min(1, predicted / predictedSeconds);
    return new Snapshot(
        rows,
        Math.min(done, rows),
        failed,
        elapsed == 0 ? 0 : (done + sum(Steps::share)) * 3600 / elapsed,
        share == 0 ? -1 : elapsed * (1 - share) / share,
        deviceSeconds + sum(Steps::deviceSeconds),
        failures,
        executors.size(),
        executors.values().stream().mapToLong(Health::memoryBytes).max().orElse(0),
        storageRetries());
  }

  /** The sum over the rows in progress. */
  private double sum(ToDoubleFunction<Steps> value) {
    return inWork.values().stream().mapToDouble(value).sum();
  }

  private RetryCounters storageRetries() {
    RetryCounters sum = RetryCounters.ofThisProcess().since(before);
    for (Health executor : executors.values()) {
      sum = executor.executorId().equals(DRIVER) ? sum : sum.plus(executor.storageRetries());
    }
    return sum;
  }

  private double elapsed() {
    return elapsedAtEnd > 0 ? elapsedAtEnd : (System.nanoTime() - startNanos) / 1e9;
  }
}
