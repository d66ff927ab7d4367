package nst.job.executor;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferResult.Status;
import nst.storage.RetryCounters;

/**
 * How far a run is, as its tasks tell it. For people's eyes and for dashboards: a task that runs
 * twice tells twice, so the counts of record come from the tables.
 */
public final class Progress {

  /**
   * What a task says when it is done with a row.
   *
   * @param failure the error code's name, or empty
   * @param predictedSeconds what the plan took the row for
   * @param deviceSeconds how long it held its device
   */
  public record RowDone(
      Status status, String failure, double predictedSeconds, double deviceSeconds, Health executor)
      implements Serializable {}

  /**
   * How an executor is.
   *
   * @param memoryBytes the most that was ever resident; 0 while unknown
   * @param trouble what its stores had to be asked again, since it began
   */
  public record Health(String executorId, long memoryBytes, RetryCounters trouble)
      implements Serializable {}

  /**
   * A moment of a run.
   *
   * @param rows rows that had to be computed when it started
   * @param done of those, finished well
   * @param failed of those, failed
   * @param imagesPerHour finished well, over the time since the first row began
   * @param secondsLeft by the plan's prediction, scaled by how well it has held so far; negative
   *     while unknown
   * @param executors that have told anything
   * @param memoryBytes the most that was ever resident in one of them
   * @param trouble of all stores, the driver's included
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
      RetryCounters trouble) {
    public Snapshot {
      failures = new TreeMap<>(failures);
    }
  }

  private static final String DRIVER = "driver"; // Spark's name for it where it computes as well

  private final long rows;
  private final double predictedSeconds;
  private final RetryCounters before;
  private final long startNanos = System.nanoTime();
  private final TreeMap<String, Long> failures = new TreeMap<>();
  private final TreeMap<String, Health> executors = new TreeMap<>();
  private long done;
  private long failed;
  private double predictedDone;
  private double deviceSeconds;
  private double elapsedAtEnd;

  /**
   * Nothing done yet.
   *
   * @param rows to compute
   * @param before what the driver's stores had met when the run began
   */
  public Progress(long rows, double predictedSeconds, RetryCounters before) {
    this.rows = rows;
    this.predictedSeconds = predictedSeconds;
    this.before = before;
  }

  public synchronized void add(RowDone row) {
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

  /** Messages of two tasks may overtake each other: what only grows tells which is later. */
  private static Health later(Health a, Health b) {
    return new Health(
        a.executorId(),
        Math.max(a.memoryBytes(), b.memoryBytes()),
        new RetryCounters(
            Math.max(a.trouble().retries(), b.trouble().retries()),
            Math.max(a.trouble().throttled(), b.trouble().throttled())));
  }

  /** No row is computed any more: the clock stands still. */
  public synchronized void over() {
    elapsedAtEnd = elapsed();
  }

  public synchronized Snapshot snapshot() {
    double elapsed = elapsed();
    double share = predictedSeconds == 0 ? 0 : Math.min(1, predictedDone / predictedSeconds);
    return new Snapshot(
        rows,
        Math.min(done, rows),
        failed,
        elapsed == 0 ? 0 : done * 3600 / elapsed,
        share == 0 ? -1 : elapsed * (1 - share) / share,
        deviceSeconds,
        failures,
        executors.size(),
        executors.values().stream().mapToLong(Health::memoryBytes).max().orElse(0),
        trouble());
  }

  private RetryCounters trouble() {
    RetryCounters sum = RetryCounters.ofThisProcess().since(before);
    for (Health executor : executors.values()) {
      sum = executor.executorId().equals(DRIVER) ? sum : sum.plus(executor.trouble());
    }
    return sum;
  }

  private double elapsed() {
    return elapsedAtEnd > 0 ? elapsedAtEnd : (System.nanoTime() - startNanos) / 1e9;
  }
}
