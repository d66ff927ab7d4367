package nst.job.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Locale;
import java.util.Map;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import nst.storage.RetryCounters;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress(10, 100, RetryCounters.ofThisProcess());

  @Test
  void sumsTheLatestReportsOfTheExecutors() {
    progress.add(done("1", 500, new RetryCounters(1, 0)));
    progress.add(done("1", 700, new RetryCounters(4, 2)));
    progress.add(done("2", 600, new RetryCounters(1, 1)));
    progress.add(failed("2", ErrorCode.NOT_FOUND));

    Progress.Snapshot now = progress.snapshot();

    assertThat(now.rows()).isEqualTo(10);
    assertThat(now.done()).isEqualTo(3);
    assertThat(now.failures()).isEqualTo(Map.of("NOT_FOUND", 1L));
    assertThat(now.deviceSeconds()).isEqualTo(8);
    assertThat(now.executors()).isEqualTo(2);
    assertThat(now.memoryBytes()).isEqualTo(700);
    assertThat(now.storageRetries()).isEqualTo(new RetryCounters(5, 3));
    assertThat(now.secondsLeft()).isNotNegative();
  }

  @Test
  void rowsInWorkMakeSpeedAndTimeLeftKnownBeforeTheFirstRowEnds() {
    assertThat(progress.snapshot().imagesPerHour()).isZero();
    assertThat(progress.snapshot().secondsLeft()).isNegative();

    progress.add(new Progress.Steps("00ff", 10, 0.25, 3));
    progress.add(new Progress.Steps("aaaa", 10, 0.5, 6));
    progress.add(new Progress.Steps("00ff", 10, 0.5, 7));

    Progress.Snapshot now = progress.snapshot();
    assertThat(now.done()).isZero();
    assertThat(now.imagesPerHour()).isPositive();
    assertThat(now.secondsLeft()).isPositive();
    assertThat(now.deviceSeconds()).isEqualTo(13);

    progress.add(done("1", 0, RetryCounters.NONE)); // 00ff: counted once
    assertThat(progress.snapshot().deviceSeconds()).isEqualTo(6 + 2);
  }

  @Test
  void aLateMessageIsIgnored() {
    progress.add(done("1", 700, new RetryCounters(4, 2)));
    progress.add(done("1", 500, new RetryCounters(1, 0)));
    assertThat(progress.snapshot().storageRetries()).isEqualTo(new RetryCounters(4, 2));
    assertThat(progress.snapshot().memoryBytes()).isEqualTo(700);
  }

  @Test
  void aDriverThatComputesItselfIsNotCountedTwice() {
    progress.add(done("driver", 500, new RetryCounters(7, 7)));
    assertThat(progress.snapshot().storageRetries()).isEqualTo(RetryCounters.NONE);
  }

  @Test
  void theClockStandsStillOnceItIsOver() throws InterruptedException {
    progress.add(done("1", 0, RetryCounters.NONE));
    progress.over();
    double imagesPerHour = progress.snapshot().imagesPerHour();
    Thread.sleep(20);
    assertThat(progress.snapshot().imagesPerHour()).isEqualTo(imagesPerHour);
  }

  @Test
  void everyErrorCodeHasAGauge() {
    MetricRegistry registry = new MetricRegistry();
    RunGauges.register(registry);
    progress.add(failed("1", ErrorCode.CORRUPT_IMAGE));
    RunGauges.show(progress);
    assertThat(registry.getGauges().keySet())
        .contains("rows_done", "images_per_hour", "storage_throttled");
    for (ErrorCode code : ErrorCode.values()) {
      Gauge<?> gauge = registry.getGauges().get("failed_" + code.name().toLowerCase(Locale.ROOT));
      assertThat(gauge.getValue()).isEqualTo(code == ErrorCode.CORRUPT_IMAGE ? 1.0 : 0.0);
    }
  }

  private static Progress.RowDone done(String executor, long memory, RetryCounters storageRetries) {
    return new Progress.RowDone(
        "00ff", Status.OK, "", 10, 2, new Progress.Health(executor, memory, storageRetries));
  }

  private static Progress.RowDone failed(String executor, ErrorCode code) {
    return new Progress.RowDone(
        "00ff",
        Status.FAILED,
        code.name(),
        10,
        2,
        new Progress.Health(executor, 0, RetryCounters.NONE));
  }
}
