package nst.job;

import java.time.Duration;
import java.time.Instant;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a task that is stuck in native code with its process: first the row's failure is recorded,
 * so that no attempt tries it again, then the executor ends and Spark replaces it. Where the driver
 * is the same process it is told, and ends the run with words.
 */
final class StuckTask implements Watchdog.Bite {
  private static final Logger LOG = LoggerFactory.getLogger(StuckTask.class);

  /** The executor's exit code, for whoever reads Spark's log: the C library's EX_TEMPFAIL. */
  static final int EXIT_CODE = 75;

  private final StuckRows rows;
  private final RowOrigin origin;
  private final Duration limit;
  private final Locality locality;

  /** What a task that is stuck tells the driver. */
  record Told(String words, Locality locality) implements java.io.Serializable {}

  /**
   * For the rows of one task.
   *
   * @param limit after which a row is stuck
   */
  StuckTask(StuckRows rows, RowOrigin origin, Duration limit, Locality locality) {
    this.rows = rows;
    this.origin = origin;
    this.limit = limit;
    this.locality = locality;
  }

  @Override
  public void stuck(PlannedRow row, String stage) {
    String words =
        String.format(
            "Row id=%s is stuck: still %s after %d s, limits.image_seconds and limits.stuck_seconds",
            row.request().id(), stage, limit.toSeconds());
    LOG.error("{}; key={}", words, row.key());
    Instant startedAt = Instant.now().minus(limit);
    try {
      rows.record(
          new RowRecord(row, origin, new RowTimes(), startedAt)
              .failed(new Failure(ErrorCode.TIMEOUT, words + "; its process was ended")));
    } catch (TransferException e) {
      LOG.error("Cannot record it: the next attempt will try the row again", e);
    }
    StyleTransferPlugin.tell(new Told(words, locality));
    if (locality == Locality.CLUSTER) {
      Runtime.getRuntime().halt(EXIT_CODE); // exit would wait for what never ends
    }
  }
}
