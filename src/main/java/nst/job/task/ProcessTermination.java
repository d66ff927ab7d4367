package nst.job.task;

import java.time.Instant;
import java.util.concurrent.CancellationException;
import nst.job.executor.StyleTransferPlugin;
import nst.job.network.Locality;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process because of one row: first the row's failure is recorded, so that no attempt
 * tries it again, then the executor ends and Spark replaces it. Where the driver is the same
 * process it is told, and ends the run with words.
 */
public final class ProcessTermination {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessTermination.class);

  /** The executor's exit code, for whoever reads Spark's log: the C library's EX_TEMPFAIL. */
  static final int EXIT_CODE = 75;

  /** A device that is lost is lost for all rows on it; one of them is recorded. */
  private static boolean begun;

  private final FatalRows rows;
  private final RowOrigin origin;
  private final Locality locality;

  /** Why a process ends, as the driver is told. */
  public record Told(String words, ErrorCode code, Locality locality)
      implements java.io.Serializable {}

  /** For the rows of one task. */
  ProcessTermination(FatalRows rows, RowOrigin origin, Locality locality) {
    this.rows = rows;
    this.origin = origin;
    this.locality = locality;
  }

  /**
   * Ends the process. In an executor of its own it does not come back.
   *
   * @param words what happened to which row
   * @param startedAt when the row's turn began
   * @throws CancellationException where the process is being ended for another row: this one is
   *     nobody's failure
   */
  void because(PlannedRow row, ErrorCode code, String words, Instant startedAt) {
    synchronized (ProcessTermination.class) { // whoever waits here is ended with the process
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
        LOG.error("Cannot record it: the next attempt will try the row again", e);
      }
      StyleTransferPlugin.tell(new Told(words, code, locality));
      if (locality == Locality.CLUSTER) {
        Runtime.getRuntime().halt(EXIT_CODE); // exit would wait for what never ends
      }
    }
  }
}
