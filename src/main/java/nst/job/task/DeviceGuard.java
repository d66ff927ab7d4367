package nst.job.task;

import java.time.Instant;
import java.util.concurrent.CancellationException;
import nst.engine.StylizedImage;
import nst.job.input.RowTimes;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Ends the process if its device failed. The device context can no longer be used, so all later
 * rows would fail. A new process gets a new context, on another node if the device is gone.
 */
record DeviceGuard(ProcessTermination end) {

  /**
   * The stages, of which {@code optimize} ends the process if the device is lost. If the process
   * has not ended yet, it throws a {@link CancellationException}; the failure of the row is already
   * recorded.
   */
  RowStages around(RowStages stages) {
    return new RowStages(
        stages.fetch(),
        (row, inputs, times) -> guarded(stages.optimize(), row, inputs, times),
        stages.store());
  }

  private StylizedImage guarded(
      RowStages.Optimize stage, PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    Instant startedAt = Instant.now();
    try {
      return stage.optimize(row, inputs, times);
    } catch (TransferException e) {
      if (e.code() != ErrorCode.DEVICE_LOST) {
        throw e;
      }
      String words = "Row id=" + row.request().id() + " has lost its device: " + e.getMessage();
      end.because(row, e.code(), words, startedAt);
      throw (CancellationException) new CancellationException(words).initCause(e);
    }
  }
}
