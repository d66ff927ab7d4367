package nst.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderedTasksTest {
  @Test
  void handsOverTheResultsInTheOrderOfTheTasks() {
    List<Integer> results = new ArrayList<>();
    CountDownLatch secondEnded = new CountDownLatch(1);
    try (OrderedTasks<Integer> tasks = new OrderedTasks<>(2, "test", results::add)) {
      tasks.add(
          () -> {
            secondEnded.await();
            return 1;
          });
      tasks.add(
          () -> {
            secondEnded.countDown();
            return 2;
          });
      for (int i = 3; i <= 100; i++) {
        int number = i;
        tasks.add(() -> number);
      }
      tasks.finish();
    }
    assertThat(results).isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
  }

  @Test
  void fewResultsWait() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger handedOver = new AtomicInteger();
    List<Integer> waiting = new ArrayList<>();
    try (OrderedTasks<Integer> tasks =
        new OrderedTasks<>(
            2, "test", result -> waiting.add(begun.get() - handedOver.getAndIncrement()))) {
      for (int i = 0; i < 1000; i++) {
        tasks.add(begun::incrementAndGet);
      }
      tasks.finish();
    }
    assertThat(waiting).hasSize(1000).allMatch(count -> count <= 8);
  }

  @Test
  void throwsWhatATaskHasThrown() {
    List<Integer> results = new ArrayList<>();
    try (OrderedTasks<Integer> tasks = new OrderedTasks<>(1, "test", results::add)) {
      tasks.add(() -> 1);
      tasks.add(
          () -> {
            throw new IllegalStateException("no picture");
          });
      assertThatIllegalStateException().isThrownBy(tasks::finish).withMessage("no picture");
    }
    assertThat(results).containsExactly(1);
  }
}
