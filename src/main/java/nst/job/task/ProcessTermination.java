package nst.job.task;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import nst.job.executor.StyleTransferPlugin;
import nst.job.input.RowTimes;
import nst.job.network.ExecutionMode;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the executor process after a fatal failure of a row. It first records the failure, so that
 * no attempt tries the row again. Then the executor exits and Spark replaces it. On a local master,
 * where the driver is the same process, it notifies the driver, which ends the run with a message.
 */
public final class ProcessTermination {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessTermination.class);

  /**
   * Whether the process is already being ended. A lost device affects all rows on it; only one is
   * recorded.
   */
  private static boolean begun;

  private final FatalRows rows;
  private final RowOrigin origin;
  private final ExecutionMode mode;

  /** The message to the driver with the reason. */
  public record Notice(String words, ErrorCode code, ExecutionMode mode)
      implements java.io.Serializable {}

  /** Creates an instance for the rows of one task. */
  ProcessTermination(FatalRows rows, RowOrigin origin, ExecutionMode mode) {
    this.rows = rows;
    this.origin = origin;
    this.mode = mode;
  }

  /**
   * Ends the process of a row that is stuck in native code.
   *
   * @param stage the stage of the row, such as {@code fetching}
   * @param limit the time after which a row counts as stuck
   */
  void stuck(PlannedRow row, String stage, Duration limit) {
    String words =
        String.format(
            "Row id=%s is stuck: still %s after %d s (limits.image_seconds plus limits.stuck_seconds)",
            row.request().id(), stage, limit.toSeconds());
    because(row, ErrorCode.TIMEOUT, words, Instant.now().minus(limit));
  }

  /**
   * Ends the process. On a cluster this method does not return.
   *
   * @param words what happened to which row
   * @param startedAt when the row was started
   * @throws CancellationException if the process is already being ended for another row; this row
   *     then counts as cancelled, not as failed
   */
  void because(PlannedRow row, ErrorCode code, String words, Instant startedAt) {
    synchronized (ProcessTermination.class) { // threads that wait here end with the process
      if (begun) {
        throw new CancellationException("this process is being ended for another row");
      }
      begun = true;
      LOG.error("{}; key={}", words, row.key());
      try {
        rows.record(
            new RowRecord(row, origin, new RowTimes(), startedAt)
                .failed(new Failure(code, words + "; its process was ended")));
      } catch (TransferException e) {
        LOG.error("Cannot record the failure; the next attempt will try the row again", e);
      }
      StyleTransferPlugin.tell(new Notice(words, code, mode));
      if (mode == ExecutionMode.CLUSTER) {
        Runtime.getRuntime()
            .halt(StyleTransferPlugin.EXIT_CODE); // exit() would wait for the stuck thread
      }
    }
  }
}
