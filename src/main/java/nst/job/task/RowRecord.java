package nst.job.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import nst.job.input.RowTimes;
import nst.model.LossSample;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Image;
import nst.model.TransferResult.Status;

/**
 * Builds the result of one row for each way it can end.
 *
 * @param startedAt when its device stage began
 */
record RowRecord(PlannedRow row, RowOrigin origin, RowTimes times, Instant startedAt) {

  TransferResult ok(Image image, List<LossSample> losses) {
    return result(Status.OK, Optional.empty(), Optional.of(image), losses);
  }

  TransferResult failed(Failure failure) {
    return result(Status.FAILED, Optional.of(failure), Optional.empty(), List.of());
  }

  /** The result for an image that another attempt of this run, or another run, has written. */
  TransferResult found(RowInputs.Made made) {
    TransferResult record = made.record();
    Status status = record.runId().equals(origin.runId()) ? Status.OK : Status.SKIPPED;
    return new TransferResult(
        row.key(),
        origin.runId(),
        status,
        Optional.empty(),
        row.request(),
        record.image().map(p -> p.stored(row.outputUri(), made.sha256(), made.bytes())),
        record.timings(),
        record.place(),
        record.losses());
  }

  private TransferResult result(
      Status status, Optional<Failure> failure, Optional<Image> image, List<LossSample> losses) {
    return new TransferResult(
        row.key(),
        origin.runId(),
        status,
        failure,
        row.request(),
        image,
        times.timings(),
        origin.place(startedAt),
        losses);
  }
}
