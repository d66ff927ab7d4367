package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import nst.engine.StylizedImage;
import nst.job.TestResults;
import nst.model.TransferResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WatchdogTest {
  private static final PlannedRow ROW =
      new PlannedRow(TestResults.REQUEST, "k", "file:/out/k.png", 1);

  @Test
  void bitesOnceWhereAStageNeverEnds() throws InterruptedException {
    List<String> bites = new ArrayList<>();
    CountDownLatch bitten = new CountDownLatch(1);
    AtomicBoolean inNativeCode = new AtomicBoolean(true);
    Watchdog.Bite bite =
        (row, stage) -> {
          bites.add(row.key() + " " + stage);
          bitten.countDown();
        };
    try (Watchdog dog = new Watchdog(new Deaf(inNativeCode), Duration.ofMillis(50), bite)) {
      Thread task = new Thread(() -> dog.fetch(ROW, new RowTimes()));
      task.start();
      assertThat(bitten.await(4, TimeUnit.MINUTES)).isTrue();
      task.interrupt(); // to no avail, as it would be in native code
      assertThat(task.isAlive()).isTrue();
      inNativeCode.set(false);
      task.join();
    }
    assertThat(bites).containsExactly("k fetching");
  }

  @Test
  void leavesAloneWhatEndsInTime() {
    List<String> bites = new ArrayList<>();
    Watchdog.Bite bite = (row, stage) -> bites.add(stage);
    ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    RowStages stages = new Deaf(new AtomicBoolean(false));
    try (Watchdog dog = new Watchdog(stages, Duration.ofDays(1), bite, clock)) {
      dog.fetch(ROW, new RowTimes());

      assertThat(clock.getQueue())
          .hasSize(1)
          .allMatch(due -> ((ScheduledFuture<?>) due).isCancelled());
    }
    assertThat(bites).isEmpty();
  }

  /** Hears no interrupt while it is in what stands for native code. */
  private record Deaf(AtomicBoolean inNativeCode) implements RowStages {
    @Override
    public RowInputs fetch(PlannedRow row, RowTimes times) {
      while (inNativeCode.get()) {
        Thread.onSpinWait();
      }
      return new RowInputs.Made(TestResults.ok("k"), "digest", 1);
    }

    @Override
    public StylizedImage stylize(PlannedRow row, RowInputs.Inputs inputs, RowTimes times) {
      throw new AssertionError("no row comes so far");
    }

    @Override
    public TransferResult store(
        RowRecord record, RowInputs.Provenance madeFrom, StylizedImage stylized) {
      throw new AssertionError("no row comes so far");
    }
  }
}
