package nst.job.page;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import nst.concurrent.Threads;
import nst.job.executor.Progress;
import nst.report.LiveReport;
import nst.report.LiveReport.State;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the page of a run in progress, on a thread of its own, one version at a time. It reads no
 * table and decodes no image, because tasks need the devices and the driver's cores. A fault is
 * logged once and does not affect the run.
 */
public final class RunWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunWatch.class);

  private final ObjectStore store;
  private final OutputLayout layout;
  private final Duration period;
  private final WatchedRows rows;
  private final Progress progress;
  private final Instant startedAt = Instant.now();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("run-watch"));
  private State end = State.STOPPED;
  private boolean faulty;

  private RunWatch(
      ObjectStore store,
      OutputLayout layout,
      Duration period,
      WatchedRows rows,
      Progress progress) {
    this.store = store;
    this.layout = layout;
    this.period = period;
    this.rows = rows;
    this.progress = progress;
  }

  /**
   * Starts to write the page.
   *
   * @param period the time between two versions; zero for no page
   * @param rows receives the messages of the tasks
   */
  public static RunWatch start(
      ObjectStore store,
      OutputLayout layout,
      Duration period,
      WatchedRows rows,
      Progress progress) {
    RunWatch watch = of(store, layout, period, rows, progress);
    if (!period.isZero()) {
      Future<?> unused =
          watch.clock.scheduleWithFixedDelay(
              () -> watch.write(State.RUNNING), 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }
    return watch;
  }

  /** A watch that writes no version before its last one. */
  static RunWatch of(
      ObjectStore store,
      OutputLayout layout,
      Duration period,
      WatchedRows rows,
      Progress progress) {
    return new RunWatch(store, layout, period, rows, progress);
  }

  /** All rows are finished. */
  public void over() {
    end = State.FINISHING;
  }

  synchronized void write(State state) {
    try {
      StringWriter page = new StringWriter();
      report(state).write(page);
      store.write(layout.page(), page.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException | RuntimeException | Error e) {
      if (!faulty) {
        LOG.warn("Cannot write the page while the run is in progress", e);
      }
      faulty = true;
    }
  }

  private LiveReport report(State state) {
    Progress.Snapshot now = progress.snapshot();
    return new LiveReport(
        layout.runId(),
        startedAt,
        Instant.now(),
        period,
        state,
        new LiveReport.Counts(
            now.rows(), now.done(), now.failed(), now.imagesPerHour(), now.secondsLeft()),
        now.failures(),
        state == State.RUNNING ? rows.inWork() : List.of(),
        rows.failed(),
        rows.done());
  }

  /** Writes the last version: the run has stopped, or {@link #over} was called. */
  @Override
  public void close() {
    clock.shutdown(); // a version that is being written is finished
    Threads.awaitEnd(clock);
    if (!period.isZero()) {
      write(end);
    }
  }
}
