package nst.job.task;

import java.time.Duration;
import java.time.Instant;
import nst.model.ErrorCode;

/** Ends the process of a task that is stuck in native code. */
final class StuckTaskHandler implements Watchdog.StuckRowHandler {
  private final ProcessTermination end;
  private final Duration limit;

  /**
   * Creates a handler for the rows of one task.
   *
   * @param limit the time after which a row counts as stuck
   */
  StuckTaskHandler(ProcessTermination end, Duration limit) {
    this.end = end;
    this.limit = limit;
  }

  @Override
  public void stuck(PlannedRow row, String stage) {
    String words =
        String.format(
            "Row id=%s is stuck: still %s after %d s (limits.image_seconds plus limits.stuck_seconds)",
            row.request().id(), stage, limit.toSeconds());
    end.because(row, ErrorCode.TIMEOUT, words, Instant.now().minus(limit));
  }
}
