package nst.cli;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import nst.job.Progress;

/**
 * One line about a run while it lasts: rewritten in place on a terminal, a new one now and then in
 * a log.
 */
final class ProgressLine implements AutoCloseable {
  private static final long TERMINAL_SECONDS = 1;
  private static final long LOG_SECONDS = 10;

  private final Progress progress;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private final Place place;
  private final ScheduledFuture<?> showing;

  /** Where the line is shown. */
  enum Place {
    TERMINAL,
    LOG;

    /**
     * submit.sh knows whether standard error is a terminal; the JVM can only tell for the other two
     * streams.
     */
    static Place here() {
      return Boolean.getBoolean("nst.terminal") ? TERMINAL : LOG;
    }
  }

  ProgressLine(Progress progress, Place place) {
    this.progress = progress;
    this.place = place;
    long period = place == Place.TERMINAL ? TERMINAL_SECONDS : LOG_SECONDS;
    showing = clock.scheduleAtFixedRate(this::show, period, period, TimeUnit.SECONDS);
  }

  private void show() {
    String line = text(progress.snapshot());
    System.err.print(place == Place.TERMINAL ? "\r\u001b[K" + line : line + System.lineSeparator());
    System.err.flush();
  }

  /** {@code 7 of 12 rows, 1 failed, 412 images/h, 0:38 left}. */
  static String text(Progress.Snapshot now) {
    String left = now.secondsLeft() < 0 ? "?" : duration(now.secondsLeft());
    return String.format(
        Locale.ROOT,
        "%,d of %,d rows, %,d failed, %s images/h, %s left",
        now.done() + now.failed(),
        now.rows(),
        now.failed(),
        now.done() == 0 ? "?" : String.format(Locale.ROOT, "%,.0f", now.imagesPerHour()),
        left);
  }

  /** {@code 0:38}, {@code 12:05}, {@code 3:00:00}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  @Override
  public void close() {
    showing.cancel(false);
    clock.shutdownNow();
    if (place == Place.TERMINAL) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
  }
}
