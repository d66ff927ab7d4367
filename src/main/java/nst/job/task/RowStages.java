package nst.job.task;

import nst.engine.StylizedImage;
import nst.model.TransferResult;

/** The three stages of a row. Each may run on its own thread, with a different row. */
interface RowStages {

  /**
   * Before the device: reads and decodes the inputs, or finds the existing image.
   *
   * @throws nst.model.TransferException if the row fails
   */
  RowInputs fetch(PlannedRow row, RowTimes times);

  /**
   * On the device: runs the optimisation.
   *
   * @throws nst.model.TransferException if the row fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times);

  /**
   * After the device: encodes the image with its record and writes it.
   *
   * @throws nst.model.TransferException if the row fails
   */
  TransferResult store(RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized);
}
