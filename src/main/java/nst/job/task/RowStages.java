package nst.job.task;

import java.io.Serializable;
import nst.engine.StylizedImage;
import nst.job.input.RowTimes;
import nst.model.TransferResult;

/**
 * The three stages of a row. Each may run on its own thread, with a different row. A wrapper takes
 * the stages and returns them with what it adds, see {@link Watchdog#around}.
 */
record RowStages(Fetch fetch, Optimize optimize, Store store) {

  /**
   * Before the device: reads and decodes the inputs, or finds the existing image. Several threads
   * fetch rows at the same time.
   */
  @FunctionalInterface
  interface Fetch {
    /**
     * Fetches a row.
     *
     * @throws nst.model.TransferException if the row fails
     */
    RowInputs fetch(PlannedRow row, RowTimes times);
  }

  /** On the device: runs the optimisation. */
  @FunctionalInterface
  interface Optimize {
    /**
     * Stylises a row.
     *
     * @throws nst.model.TransferException if the row fails
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    StylizedImage optimize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times);
  }

  /** After the device: encodes the image with its record and writes it. */
  @FunctionalInterface
  interface Store {
    /**
     * Stores a row's image.
     *
     * @throws nst.model.TransferException if the row fails
     */
    TransferResult store(RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized);
  }

  /** Replaces stages, or adds something to them, wherever a task runs. */
  @FunctionalInterface
  interface Wrapper extends Serializable {
    RowStages around(RowStages stages);
  }
}
