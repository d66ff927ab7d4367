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
import nst.job.TestResults;
import nst.job.input.RowTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WatchdogTest {
  private static final PlannedRow ROW =
      new PlannedRow(TestResults.REQUEST, "k", "file:/out/k.png", 1);

  @Test
  void interruptsAStageThatDoesNotEndOnce() throws InterruptedException {
    List<String> bites = new ArrayList<>();
    CountDownLatch bitten = new CountDownLatch(1);
    AtomicBoolean inNativeCode = new AtomicBoolean(true);
    Watchdog.StuckRowHandler handler =
        (row, stage) -> {
          bites.add(row.key() + " " + stage);
          bitten.countDown();
        };
    try (Watchdog dog = new Watchdog(Duration.ofMillis(50), handler)) {
      Thread task = new Thread(() -> fetch(dog, inNativeCode));
      task.start();
      assertThat(bitten.await(4, TimeUnit.MINUTES)).isTrue();
      task.interrupt(); // without effect, as in native code
      assertThat(task.isAlive()).isTrue();
      inNativeCode.set(false);
      task.join();
    }
    assertThat(bites).containsExactly("k fetching");
  }

  @Test
  void doesNotInterruptAStageThatEndsInTime() {
    List<String> bites = new ArrayList<>();
    Watchdog.StuckRowHandler handler = (row, stage) -> bites.add(stage);
    ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    try (Watchdog dog = new Watchdog(Duration.ofDays(1), handler, clock)) {
      fetch(dog, new AtomicBoolean(false));

      assertThat(clock.getQueue())
          .hasSize(1)
          .allMatch(due -> ((ScheduledFuture<?>) due).isCancelled());
    }
    assertThat(bites).isEmpty();
  }

  /** Fetches a row in a stage that ignores interrupts while it is in simulated native code. */
  private static void fetch(Watchdog dog, AtomicBoolean inNativeCode) {
    RowStages.Fetch fetch =
        (row, times) -> {
          while (inNativeCode.get()) {
            Thread.onSpinWait();
          }
          return new RowInputs.Made(TestResults.ok("k"), "digest", 1);
        };
    RowStages stages =
        new RowStages(
            fetch,
            (row, inputs, times) -> {
              throw new AssertionError("expected no optimisation");
            },
            (record, madeFrom, stylized) -> {
              throw new AssertionError("expected no storing");
            });
    RowInputs fetched = dog.around(stages).fetch().fetch(ROW, new RowTimes());
    assertThat(fetched).isInstanceOf(RowInputs.Made.class);
  }
}
