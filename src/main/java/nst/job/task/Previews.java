package nst.job.task;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import nst.engine.IterateListener;
import nst.image.RgbImage;
import nst.image.codec.Thumbnail;
import nst.model.LossSample;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.report.PageImage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends small pictures of iterates to the driver: the first iterate that it receives, then at most
 * one in each period, so that the pictures take a negligible share of the time. For the rows of one
 * thread.
 */
final class Previews {
  private static final Logger LOG = LoggerFactory.getLogger(Previews.class);

  /** The longest side in pixels. */
  private static final int LARGEST = 320;

  /** Between two versions of the page, so that it shows recent iterates. */
  private static final int PERIODS_OF_A_PAGE = 4;

  private final Duration period;
  private final LongSupplier nanoTime;
  private final Consumer<WatchedRow> driver;
  private Optional<Long> lastNanos = Optional.empty();
  private boolean broken;

  /**
   * @param nanoTime the clock
   * @param driver receives the messages
   */
  Previews(Duration period, LongSupplier nanoTime, Consumer<WatchedRow> driver) {
    this.period = period;
    this.nanoTime = nanoTime;
    this.driver = driver;
  }

  /** The previews that the configuration asks for; empty if the run is not watched. */
  static Optional<Previews> of(RunConfig config, Consumer<WatchedRow> driver) {
    Duration page = config.seconds(Setting.REPORT_WATCH_SECONDS);
    return page.isZero()
        ? Optional.empty()
        : Optional.of(new Previews(page.dividedBy(PERIODS_OF_A_PAGE), System::nanoTime, driver));
  }

  /** What receives the iterates of a row. */
  IterateListener of(PlannedRow row) {
    return (sample, picture) -> {
      long now = nanoTime.getAsLong();
      boolean due = lastNanos.isEmpty() || now - lastNanos.get() >= period.toNanos();
      if (due && !broken) {
        lastNanos = Optional.of(now);
        send(row, sample, picture);
      }
    };
  }

  /**
   * Sends a picture. A fault must not fail the row: if the device is lost, the next step says so.
   */
  private void send(PlannedRow row, LossSample sample, Supplier<RgbImage> picture) {
    try {
      RgbImage small = Thumbnail.shrunk(picture.get(), LARGEST);
      driver.accept(
          new WatchedRow.InWork(
              row.key(),
              row.request().id(),
              sample.iteration(),
              row.request().hyperparameters().numIterations(),
              sample.totalLoss(),
              PageImage.jpeg(Thumbnail.jpeg(small), small.width(), small.height())));
    } catch (RuntimeException e) {
      broken = true;
      LOG.warn("No further pictures of rows in progress: {}", row.request().id(), e);
    }
  }
}
