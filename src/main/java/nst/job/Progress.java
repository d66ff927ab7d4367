package nst.job;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferResult.Status;

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
   * @param seconds what it took
   */
  record RowDone(Status status, String failure, double predictedSeconds, double seconds)
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
   */
  public record Snapshot(
      long rows,
      long done,
      long failed,
      double imagesPerHour,
      double secondsLeft,
      double deviceSeconds,
      Map<String, Long> failures) {}

  private final long rows;
  private final double predictedSeconds;
  private final long startNanos = System.nanoTime();
  private final TreeMap<String, Long> failures = new TreeMap<>();
  private long done;
  private long failed;
  private double predictedDone;
  private double deviceSeconds;

  Progress(long rows, double predictedSeconds) {
    this.rows = rows;
    this.predictedSeconds = predictedSeconds;
  }

  synchronized void add(RowDone row) {
    if (row.status() == Status.FAILED) {
      failed++;
      failures.merge(row.failure(), 1L, Long::sum);
    } else {
      done++;
    }
    predictedDone += row.predictedSeconds();
    deviceSeconds += row.seconds();
  }

  public synchronized Snapshot snapshot() {
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    double share = predictedSeconds == 0 ? 0 : Math.min(1, predictedDone / predictedSeconds);
    double left = share == 0 ? -1 : elapsed * (1 - share) / share;
    return new Snapshot(
        rows,
        Math.min(done, rows),
        failed,
        elapsed == 0 ? 0 : done * 3600 / elapsed,
        left,
        deviceSeconds,
        new TreeMap<>(failures));
  }
}
