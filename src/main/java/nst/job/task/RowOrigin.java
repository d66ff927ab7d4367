package nst.job.task;

import java.time.Instant;
import nst.job.network.Networks;
import nst.model.TransferResult.Place;

/**
 * Who works on rows: the same for all rows of a task.
 *
 * @param networks that the task's rows may ask for
 * @param attempt Spark's, from 0
 * @param device as tables show it
 */
record RowOrigin(
    String runId, String host, String executorId, int attempt, Networks networks, String device) {

  /** The place of a row that is over now. */
  Place place(Instant startedAt) {
    return new Place(host, executorId, attempt, startedAt, Instant.now());
  }
}
