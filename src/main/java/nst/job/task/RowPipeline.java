package nst.job.task;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import nst.concurrent.Threads;
import nst.engine.StylizedImage;
import nst.job.input.RowTimes;
import nst.model.TransferResult;

/**
 * Processes the rows of a task in a pipeline: while one row is on the device, the next are fetched
 * and the previous one is stored. The device waits only if it is faster than these. Few rows are
 * fetched ahead and one is stored behind, to limit the memory used and the work lost with a
 * process.
 */
final class RowPipeline {
  /**
   * While a row that has inputs larger than this is on the device, no other row begins to be
   * fetched, so that the heap does not need to hold several large rows.
   */
  private static final long BYTES_BESIDE = 256L << 20;

  private final RowStages stages;
  private final int most;
  private final RowOrigin origin;
  private final RowEnd end;

  /** Receives finished rows, one at a time and in order, on a thread of the pipeline. */
  interface RowEnd {
    /**
     * Records the row's result.
     *
     * @param deviceSeconds how long the row held the device, including the wait for its inputs
     */
    void over(PlannedRow row, TransferResult result, double deviceSeconds);
  }

  /** A row whose inputs are being fetched. */
  private record Ahead(PlannedRow row, RowTimes times, Future<StageResult<RowInputs>> fetched) {}

  /**
   * @param ahead the number of rows that are fetched ahead of the device, at the same time
   */
  RowPipeline(RowStages stages, int ahead, RowOrigin origin, RowEnd end) {
    this.stages = stages;
    this.most = ahead;
    this.origin = origin;
    this.end = end;
  }

  /**
   * Processes all rows. A failure of a row becomes its result. This method throws only what ends
   * the task: a cancellation, a Java {@code Error}, or an exception of {@link RowEnd}. Even then it
   * first finishes the row that is being stored.
   *
   * @param goesOn checked before each row; false stops the pipeline
   */
  void run(Iterator<PlannedRow> rows, BooleanSupplier goesOn) {
    ExecutorService fetching = Executors.newFixedThreadPool(most, Threads.daemon("row-fetch"));
    ExecutorService storing = Executors.newSingleThreadExecutor(Threads.daemon("row-store"));
    try {
      Future<?> behind = CompletableFuture.completedFuture("nothing");
      Deque<Ahead> ahead = new ArrayDeque<>();
      fetch(rows, goesOn, fetching, ahead);
      while (!ahead.isEmpty()) {
        Instant turn = Instant.now();
        long startNanos = System.nanoTime();
        Ahead row = ahead.remove();
        StageResult<RowInputs> inputs = await(row.fetched());
        boolean roomForAnother = inputs.fold(RowPipeline::isSmall, failure -> true);
        if (roomForAnother) {
          fetch(rows, goesOn, fetching, ahead);
        }
        Supplier<TransferResult> rest =
            onDevice(row, inputs, new RowRecord(row.row(), origin, row.times(), turn));
        await(behind);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        behind = storing.submit(() -> end.over(row.row(), rest.get(), seconds));
        if (!roomForAnother) {
          fetch(rows, goesOn, fetching, ahead);
        }
      }
      await(behind);
    } finally {
      fetching.shutdownNow();
      storing.shutdown();
      Threads.awaitEnd(storing); // its writes have a deadline
    }
  }

  private static boolean isSmall(RowInputs fetched) {
    return !(fetched instanceof RowInputs.Inputs inputs) || inputs.bytes() <= BYTES_BESIDE;
  }

  /** Starts to fetch the next rows, until enough are ahead or none is left. */
  private void fetch(
      Iterator<PlannedRow> rows,
      BooleanSupplier goesOn,
      ExecutorService fetching,
      Deque<Ahead> ahead) {
    while (ahead.size() < most && goesOn.getAsBoolean() && rows.hasNext()) {
      PlannedRow row = rows.next();
      RowTimes times = new RowTimes();
      ahead.add(
          new Ahead(
              row,
              times,
              fetching.submit(() -> StageResult.of(row, () -> stages.fetch().fetch(row, times)))));
    }
  }

  /** Runs the device stage of a row; returns its remaining work, for another thread. */
  private Supplier<TransferResult> onDevice(
      Ahead ahead, StageResult<RowInputs> fetched, RowRecord record) {
    return fetched.fold(
        found -> {
          if (found instanceof RowInputs.Made made) {
            return () -> record.found(made);
          }
          if (found instanceof RowInputs.Stuck stuck) {
            return stuck::record;
          }
          return onDevice(ahead, (RowInputs.Inputs) found, record);
        },
        failure -> () -> record.failed(failure));
  }

  private Supplier<TransferResult> onDevice(
      Ahead ahead, RowInputs.Inputs inputs, RowRecord record) {
    PlannedRow row = ahead.row();
    StageResult<StylizedImage> stylized =
        StageResult.of(row, () -> stages.optimize().optimize(row, inputs, ahead.times()));
    RowInputs.Provenance madeFrom = inputs.madeFrom();
    return () ->
        stylized
            .fold(
                image -> StageResult.of(row, () -> stages.store().store(record, madeFrom, image)),
                StageResult.Failed<TransferResult>::new)
            .fold(result -> result, record::failed);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException)
          new CancellationException("interrupted between two rows").initCause(e);
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    }
  }
}
