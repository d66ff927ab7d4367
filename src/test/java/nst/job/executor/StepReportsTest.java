package nst.job.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import nst.engine.IterateListener;
import nst.engine.sizing.Pyramid;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.LossSample;
import org.junit.jupiter.api.Test;

class StepReportsTest {
  /** The coarse steps take a quarter of the time of the others. */
  private static final Pyramid SCALES =
      new Pyramid(
          List.of(new Pyramid.Scale(new Size(50, 40), 8), new Pyramid.Scale(new Size(100, 80), 8)));

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // the clock may overflow
  private final List<Progress.Steps> told = new ArrayList<>();
  private final StepReports reports = new StepReports(nanos::get, told::add);

  @Test
  void reportsProgressOncePerPeriod() {
    IterateListener row = reports.of("00ff", 20, SCALES, 2);
    for (int iteration = 0; iteration <= 16; iteration++) {
      row.computed(sample(iteration), () -> new RgbImage(1, 1, new float[3]));
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    assertThat(told)
        .containsExactly(
            new Progress.Steps("00ff", 20, 0.125, 2.5),
            new Progress.Steps("00ff", 20, 0.4, 5),
            new Progress.Steps("00ff", 20, 0.9, 7.5));
  }

  @Test
  void rowsOfAThreadShareThePeriod() {
    for (int row = 0; row < 12; row++) {
      reports
          .of("key " + row, 1, SCALES, 1)
          .computed(sample(3), () -> new RgbImage(1, 1, new float[3]));
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    assertThat(told).extracting(Progress.Steps::key).containsExactly("key 5", "key 10");
  }

  private static LossSample sample(int iteration) {
    return new LossSample(
        100, iteration, iteration + 1, 1, 1, 1, 1, Map.of(), 1, 1, 1000L * iteration);
  }
}
