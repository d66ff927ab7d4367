package nst.job.task;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import nst.concurrent.Threads;

/**
 * Limits the time that a row may spend in each stage. Deadlines and interrupts are only checked
 * between evaluations, not during a call into native code. A row that exceeds the limit is stuck in
 * such a call, and only ending the process frees the device.
 */
final class Watchdog implements AutoCloseable {
  private final Duration limit;
  private final StuckRowHandler handler;
  private final ScheduledExecutorService clock;

  /** Handles a stuck row. Called once for the row, on a separate thread. */
  interface StuckRowHandler {
    /**
     * Handles the row.
     *
     * @param stage the stage of the row, such as {@code fetching}
     */
    void stuck(PlannedRow row, String stage);
  }

  /**
   * Creates a watchdog.
   *
   * @param limit how long a row may be in one stage
   */
  Watchdog(Duration limit, StuckRowHandler handler) {
    this(limit, handler, Executors.newSingleThreadScheduledExecutor(Threads.daemon("watchdog")));
  }

  /**
   * Creates a watchdog that uses this clock.
   *
   * @param clock shut down by {@link #close}
   */
  Watchdog(Duration limit, StuckRowHandler handler, ScheduledExecutorService clock) {
    this.limit = limit;
    this.handler = handler;
    this.clock = clock;
  }

  /** The stages, each with the limit. */
  RowStages around(RowStages stages) {
    return new RowStages(
        (row, times) -> watched(row, "fetching", () -> stages.fetch().fetch(row, times)),
        (row, inputs, times) ->
            watched(row, "optimising", () -> stages.optimize().optimize(row, inputs, times)),
        (record, madeFrom, stylized) ->
            watched(
                record.row(), "storing", () -> stages.store().store(record, madeFrom, stylized)));
  }

  private <T> T watched(PlannedRow row, String stage, Supplier<T> work) {
    Future<?> due =
        clock.schedule(() -> handler.stuck(row, stage), limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return work.get();
    } finally {
      due.cancel(false);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
