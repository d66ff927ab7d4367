package nst.job.task;

import java.time.Duration;
import java.time.Instant;
import nst.engine.StylizedImage;
import nst.job.executor.ExecutorEngine;
import nst.model.TransferResult;

/** Runs the three stages of a row in this process: fetch, stylise on the device, store. */
final class RowTransfer implements RowStages {
  private final RowFetch fetch;
  private final RowStore store;
  private final ExecutorEngine engine;
  private final Duration deadline;

  /**
   * @param deadline the longest time that a row may compute
   */
  RowTransfer(RowFetch fetch, RowStore store, ExecutorEngine engine, Duration deadline) {
    this.fetch = fetch;
    this.store = store;
    this.engine = engine;
    this.deadline = deadline;
  }

  @Override
  public RowInputs fetch(PlannedRow row, RowTimes times) {
    return fetch.fetch(row, times);
  }

  @Override
  public StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    var h = row.request().hyperparameters();
    return times.time(
        RowTimes.Part.OPTIMIZE,
        () ->
            engine
                .network(h.backbone())
                .stylize(inputs.images(), h, sample -> {}, Instant.now().plus(deadline)));
  }

  @Override
  public TransferResult store(
      RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
    return store.store(record, madeFrom, stylized);
  }
}
