package nst.job.task;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.engine.StylizedImage;
import nst.model.TransferResult;

/**
 * Limits the time that a row may spend in each stage. Deadlines and interrupts are only checked
 * between evaluations, not during a call into native code. A row that exceeds the limit is stuck in
 * such a call, and only ending the process frees the device.
 */
final class Watchdog implements RowStages, AutoCloseable {
  private final RowStages stages;
  private final Duration limit;
  private final Bite bite;
  private final ScheduledExecutorService clock;

  /** Handles a stuck row. Called once for the row, on a separate thread. */
  interface Bite {
    /**
     * Handles the row.
     *
     * @param stage the stage of the row, such as {@code fetching}
     */
    void stuck(PlannedRow row, String stage);
  }

  /**
   * Creates a watchdog for these stages.
   *
   * @param limit how long a row may be in one stage
   */
  Watchdog(RowStages stages, Duration limit, Bite bite) {
    this(
        stages,
        limit,
        bite,
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "watchdog");
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * Creates a watchdog that uses this clock.
   *
   * @param clock shut down by {@link #close}
   */
  Watchdog(RowStages stages, Duration limit, Bite bite, ScheduledExecutorService clock) {
    this.stages = stages;
    this.limit = limit;
    this.bite = bite;
    this.clock = clock;
  }

  @Override
  public RowInputs fetch(PlannedRow row, RowTimes times) {
    try (Watch watch = watch(row, "fetching")) {
      return watch.over(stages.fetch(row, times));
    }
  }

  @Override
  public StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
    try (Watch watch = watch(row, "optimising")) {
      return watch.over(stages.stylize(row, inputs, times));
    }
  }

  @Override
  public TransferResult store(
      RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
    try (Watch watch = watch(record.row(), "storing")) {
      return watch.over(stages.store(record, madeFrom, stylized));
    }
  }

  private Watch watch(PlannedRow row, String stage) {
    return new Watch(
        clock.schedule(() -> bite.stuck(row, stage), limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** One row in one stage. */
  private record Watch(ScheduledFuture<?> due) implements AutoCloseable {
    <T> T over(T value) {
      return value;
    }

    @Override
    public void close() {
      due.cancel(false);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
