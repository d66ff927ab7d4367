package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import nst.job.TestResults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ConcurrentRowsTest {
  private final Set<String> done = Collections.synchronizedSet(new TreeSet<>());

  @Test
  void processSeveralRowsAtOnceAndEachRowOnce() {
    CyclicBarrier three = new CyclicBarrier(3);
    new ConcurrentRows(3)
        .run(
            rows(30),
            rows -> {
              while (rows.hasNext()) {
                meet(three);
                assertThat(done.add(rows.next().key())).isTrue();
              }
            });
    assertThat(done).hasSize(30);
  }

  @Test
  void oneWorkerRunsOnTheCallersThread() {
    Thread caller = Thread.currentThread();
    new ConcurrentRows(1).run(rows(1), rows -> assertThat(Thread.currentThread()).isSameAs(caller));
  }

  @Test
  void anExceptionOfOneWorkerEndsAllAndIsThrown() {
    CountDownLatch never = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                new ConcurrentRows(2)
                    .run(
                        rows(2),
                        rows -> {
                          if (rows.next().key().equals("0")) {
                            throw new OutOfMemoryError("heap");
                          }
                          untilInterrupted(never);
                          done.add("ended");
                        }))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(done).containsExactly("ended");
  }

  @Test
  void cancellationEndsAllWorkers() {
    CountDownLatch never = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    assertThatThrownBy(
            () ->
                new ConcurrentRows(2)
                    .run(
                        rows(2),
                        rows -> {
                          if (rows.next().key().equals("1")) {
                            caller.interrupt();
                          }
                          untilInterrupted(never);
                        }))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void untilInterrupted(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  /** Planned rows whose keys are the numbers from 0. */
  static Iterator<PlannedRow> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new PlannedRow(
                    TestResults.REQUEST, Integer.toString(i), "file:/out/" + i + ".png", 1))
        .iterator();
  }
}
