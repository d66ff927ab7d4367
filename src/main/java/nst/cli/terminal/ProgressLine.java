package nst.cli.terminal;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import nst.concurrent.Threads;
import nst.job.executor.Progress;
import nst.storage.RetryCounters;

/**
 * Shows the progress of a run in one line. On a terminal the line is updated in place; in a log a
 * new line is written at intervals.
 */
public final class ProgressLine implements AutoCloseable {
  private static final long TERMINAL_SECONDS = 1;
  private static final long LOG_SECONDS = 10;

  private final Supplier<String> text;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("progress"));
  private final Place place;
  private final ScheduledFuture<?> showing;

  /** Where the line is shown. */
  public enum Place {
    TERMINAL,
    LOG;

    /** The kind of standard error. */
    public static Place here() {
      return Terminal.ERR.isTerminal() ? TERMINAL : LOG;
    }
  }

  /** Shows the progress of a run. */
  public ProgressLine(Progress progress, Place place) {
    this(() -> text(progress.snapshot()), place);
  }

  /**
   * Shows any text.
   *
   * @param text gives the current text; an empty one is not shown
   */
  public ProgressLine(Supplier<String> text, Place place) {
    this.text = text;
    this.place = place;
    long period = place == Place.TERMINAL ? TERMINAL_SECONDS : LOG_SECONDS;
    showing = clock.scheduleAtFixedRate(this::show, period, period, TimeUnit.SECONDS);
  }

  private void show() {
    String line = text.get();
    if (line.isEmpty()) {
      return;
    }
    System.err.print(place == Place.TERMINAL ? "\r\u001b[K" + line : line + System.lineSeparator());
    System.err.flush();
  }

  /**
   * {@code 7 of 12 rows, 1 failed (NOT_FOUND 1), 412 images/h, 0:38 left, 52 device s, 1.2 GB}; if
   * the store retries or throttles requests, also {@code , 3 retries, 40 times slowed down}. What
   * is not known yet is left out.
   */
  public static String text(Progress.Snapshot now) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%,d of %,d rows, %,d failed%s",
            now.done() + now.failed(),
            now.rows(),
            now.failed(),
            failures(now)));
    if (now.imagesPerHour() > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              now.imagesPerHour() < 10 ? ", %.1f images/h" : ", %,.0f images/h",
              now.imagesPerHour()));
    }
    line.append(left(now.secondsLeft()));
    if (now.deviceSeconds() > 0) {
      line.append(String.format(Locale.ROOT, ", %,.0f device s", now.deviceSeconds()));
    }
    if (now.memoryBytes() > 0) {
      line.append(String.format(Locale.ROOT, ", %.1f GB", now.memoryBytes() / 1e9));
    }
    return line.append(storageRetries(now.storageRetries())).toString();
  }

  /**
   * {@code , 0:38 left}, the end of a line of progress; empty if the time is not known.
   *
   * @param seconds negative if unknown
   */
  public static String left(double seconds) {
    return seconds < 0 ? "" : ", " + duration(seconds) + " left";
  }

  private static String failures(Progress.Snapshot now) {
    return now.failures().entrySet().stream()
        .map(failure -> failure.getKey() + " " + failure.getValue())
        .reduce((a, b) -> a + ", " + b)
        .map(list -> " (" + list + ")")
        .orElse("");
  }

  private static String storageRetries(RetryCounters storageRetries) {
    String retries =
        storageRetries.retries() == 0 ? "" : ", " + storageRetries.retries() + " retries";
    return storageRetries.throttled() == 0
        ? retries
        : retries + ", " + storageRetries.throttled() + " times slowed down";
  }

  /** Formats seconds as {@code 0:38}, {@code 12:05} or {@code 3:00:00}. */
  public static String duration(double seconds) {
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
