package nst.job.task;

import java.io.Serializable;
import java.util.Optional;
import nst.job.executor.Progress;
import nst.model.LossSample;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.report.PageImage;

/**
 * A task's message about a row, for the page of a run in progress. Only sent if {@code
 * report.watch_seconds} is set.
 */
public sealed interface WatchedRow extends Serializable {
  String key();

  String id();

  /**
   * A row is being optimised.
   *
   * @param iteration the number of steps so far
   * @param iterations the number of steps of the request
   * @param totalLoss of this iterate
   * @param picture of this iterate, small
   */
  record InWork(
      String key, String id, int iteration, int iterations, double totalLoss, PageImage picture)
      implements WatchedRow, Progress.Intermediate {}

  /**
   * A row is finished.
   *
   * @param code the name of the error code; empty if there is an image
   * @param message why it failed; empty if there is an image
   * @param outputUri of the image
   * @param saved the losses of the image; null if they were not measured
   */
  record Done(
      String key,
      String id,
      Status status,
      String code,
      String message,
      String outputUri,
      LossSample saved)
      implements WatchedRow {

    static Done of(PlannedRow row, TransferResult result) {
      Optional<Failure> failure = result.failure();
      return new Done(
          row.key(),
          row.request().id(),
          result.status(),
          failure.map(fault -> fault.code().name()).orElse(""),
          failure.map(Failure::message).orElse(""),
          row.outputUri(),
          result.image().map(TransferResult.Image::saved).orElse(null));
    }
  }
}
