package nst.job.executor;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import nst.engine.IterateListener;
import nst.engine.sizing.Pyramid;

/**
 * Tells the driver how far the rows of one thread are, at most once in each period. Rows that take
 * less time are only reported when they are finished.
 */
public final class StepReports {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;
  private final Consumer<Progress.Steps> driver;
  private long lastNanos;

  /**
   * @param nanoTime the clock
   * @param driver receives the messages
   */
  public StepReports(LongSupplier nanoTime, Consumer<Progress.Steps> driver) {
    this.nanoTime = nanoTime;
    this.driver = driver;
    this.lastNanos = nanoTime.getAsLong();
  }

  /**
   * What receives the iterates of a row.
   *
   * @param predictedSeconds the time predicted by the plan
   * @param imagesTogether the number of rows that share the device
   */
  public IterateListener of(
      String key, double predictedSeconds, Pyramid scales, int imagesTogether) {
    return (sample, picture) -> {
      long now = nanoTime.getAsLong();
      if (now - lastNanos >= PERIOD.toNanos()) {
        lastNanos = now;
        driver.accept(
            new Progress.Steps(
                key,
                predictedSeconds,
                scales.share(sample.iteration()),
                sample.elapsedMillis() / 1000.0 / imagesTogether));
      }
    };
  }
}
