package nst.job;

import java.time.Duration;
import java.time.Instant;
import nst.engine.Stylized;
import nst.image.ImageDecoder;
import nst.model.TransferResult;
import nst.storage.ObjectStore;

/** The way of one row through this process: from the store, over the device, to the store. */
final class RowTransfer implements RowStages {
  private final RowFetch fetch;
  private final RowStore store;
  private final ExecutorEngine engine;
  private final Duration deadline;

  /**
   * @param maxBytes an object with more is refused before it is read
   * @param deadline how long a row may compute
   */
  RowTransfer(
      ObjectStore store,
      ExecutorEngine engine,
      ImageDecoder decoder,
      long maxBytes,
      Duration deadline) {
    this.fetch = new RowFetch(store, new Sources(store, decoder, maxBytes));
    this.store = new RowStore(store);
    this.engine = engine;
    this.deadline = deadline;
  }

  @Override
  public Fetched fetch(PlannedRow row, RowTimes times) {
    return fetch.fetch(row, times);
  }

  @Override
  public Stylized stylize(PlannedRow row, Fetched.Inputs inputs, RowTimes times) {
    var h = row.request().hyperparameters();
    return times.time(
        RowTimes.Part.OPTIMIZE,
        () ->
            engine
                .network(h.backbone())
                .stylize(inputs.images(), h, sample -> {}, Instant.now().plus(deadline)));
  }

  @Override
  public TransferResult store(RowRecord record, Digests digests, Stylized stylized) {
    return store.store(record, digests, stylized);
  }
}
