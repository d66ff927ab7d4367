package nst.job.task;

import java.time.Instant;
import nst.job.network.Networks;
import nst.model.TransferResult.Place;

/**
 * Where rows are processed. It is the same for all rows of a task.
 *
 * @param networks the networks that the task's rows may use
 * @param attempt Spark's attempt number, from 0
 * @param device the device name, as shown in tables
 */
record RowOrigin(
    String runId, String host, String executorId, int attempt, Networks networks, String device) {

  /** The place of a row that ends now. */
  Place place(Instant startedAt) {
    return new Place(host, executorId, attempt, startedAt, Instant.now());
  }
}
