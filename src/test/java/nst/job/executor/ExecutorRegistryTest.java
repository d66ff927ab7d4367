package nst.job.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nst.record.ExecutorReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecutorRegistryTest {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorRegistry roll =
      new ExecutorRegistry("device=gpu, 1 GPU, 4 cores and 8g on spark://head", Duration.ofDays(1));

  @AfterEach
  void close() {
    roll.close();
  }

  @Test
  void oneExecutorWithoutItsDeviceEndsTheApplicationAtTheStart() throws InterruptedException {
    roll.watch(stopped::countDown);
    roll.add(ready("0"));
    roll.add(unfit("1"));
    assertThat(stopped.await(4, TimeUnit.MINUTES)).isTrue();
    assertThat(roll.end())
        .contains("executor 1 on node cannot load its engine: requested device=gpu. No GPU");
  }

  @Test
  void aBrokenNodeDoesNotEndARunWithOtherNodes() {
    roll.watch(stopped::countDown);
    roll.add(ready("0"));
    roll.rowDone();
    roll.add(unfit("1"));
    assertThat(roll.end()).isEmpty();
  }

  @Test
  void theRunEndsIfTheLastEngineFails() throws InterruptedException {
    roll.watch(stopped::countDown);
    roll.add(ready("0"));
    roll.rowDone();
    roll.lost("0");
    roll.add(unfit("1"));
    assertThat(stopped.await(4, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void anExecutorWhoseDeviceFailsAfterItsReportIsNotCounted() {
    roll.watch(stopped::countDown);
    roll.add(ready("0"));
    roll.rowDone();
    roll.add(unfit("0"));
    assertThat(roll.end()).isPresent();
  }

  @Test
  void anExecutorThatNeverComesIsNotAwaitedForEver() throws InterruptedException {
    try (ExecutorRegistry impatient =
        new ExecutorRegistry("device=gpu, 1 GPU", Duration.ofMillis(200))) {
      impatient.watch(stopped::countDown);
      assertThat(stopped.await(4, TimeUnit.MINUTES)).isTrue();
      assertThat(impatient.end().orElseThrow())
          .contains("Each was requested with device=gpu, 1 GPU");
    }
  }

  @Test
  void everyExecutorThatCameIsRemembered() {
    roll.add(ready("0"));
    roll.add(ready("1"));
    roll.lost("0");
    assertThat(roll.reported()).containsExactly(ready("0"), ready("1"));
  }

  private static ExecutorReport.Ready ready(String id) {
    return new ExecutorReport.Ready(id, "node", 7, "gpu:" + id, List.of(id), 1.5);
  }

  private static ExecutorReport.Unfit unfit(String id) {
    return new ExecutorReport.Unfit(id, "node", "requested device=gpu. No GPU");
  }
}
