package nst.job.task;

import nst.engine.StylizedImage;
import nst.model.TransferResult;

/** The three stages of a row's way. Each may be on a thread of its own, with another row each. */
interface RowStages {

  /**
   * Before the device: reads and decodes, or finds the picture already made.
   *
   * @throws nst.model.TransferException where the row ends here
   */
  RowInputs fetch(PlannedRow row, RowTimes times);

  /**
   * On the device: optimises.
   *
   * @throws nst.model.TransferException where the row ends here
   * @throws java.util.concurrent.CancellationException where the thread is interrupted
   */
  StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times);

  /**
   * After the device: encodes the picture with its record, and writes it.
   *
   * @throws nst.model.TransferException where the row ends here
   */
  TransferResult store(RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized);
}
