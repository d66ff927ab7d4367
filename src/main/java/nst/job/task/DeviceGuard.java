package nst.job.task;

import java.time.Instant;
import java.util.concurrent.CancellationException;
import nst.engine.StylizedImage;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult;

/**
 * Ends the process if its device failed. The device context can no longer be used, so all later
 * rows would fail. A new process gets a new context, on another node if the device is gone.
 */
final class DeviceGuard implements RowStages {
  private final RowStages stages;
  private final ProcessTermination end;

  DeviceGuard(RowStages stages, ProcessTermination end) {
    this.stages = stages;
    this.end = end;
  }

  @Override
  public RowInputs fetch(PlannedRow row, RowTimes times) {
    return stages.fetch(row, times);
  }

  /**
   * Stylises a row.
   *
   * @throws CancellationException if the device is lost and the process has not ended yet; the
   *     failure of the row is already recorded
   */
  @Override
  public StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    Instant startedAt = Instant.now();
    try {
      return stages.stylize(row, inputs, times);
    } catch (TransferException e) {
      if (e.code() != ErrorCode.DEVICE_LOST) {
        throw e;
      }
      String words = "Row id=" + row.request().id() + " has lost its device: " + e.getMessage();
      end.because(row, e.code(), words, startedAt);
      throw (CancellationException) new CancellationException(words).initCause(e);
    }
  }

  @Override
  public TransferResult store(
      RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
    return stages.store(record, madeFrom, stylized);
  }
}
