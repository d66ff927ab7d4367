package nst.job;

import nst.engine.Stylized;
import nst.model.TransferResult;

/** The three stages of a row's way. Each may be on a thread of its own, with another row each. */
interface RowStages {

  /**
   * Before the device: reads and decodes, or finds the picture already made.
   *
   * @throws nst.model.TransferException where the row ends here
   */
  Fetched fetch(PlannedRow row, RowTimes times);

  /**
   * On the device: optimises.
   *
   * @throws nst.model.TransferException where the row ends here
   * @throws java.util.concurrent.CancellationException where the thread is interrupted
   */
  Stylized stylize(PlannedRow row, Fetched.Inputs inputs, RowTimes times);

  /**
   * After the device: encodes the picture with its record, and writes it.
   *
   * @throws nst.model.TransferException where the row ends here
   */
  TransferResult store(RowRecord record, MadeFrom madeFrom, Stylized stylized);
}
