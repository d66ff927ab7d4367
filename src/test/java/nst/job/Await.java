package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Waits until a condition holds. */
final class Await {
  /** Longer than any condition takes on a working system. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private Await() {}

  /**
   * Checks the condition repeatedly.
   *
   * @param what the condition, for the message if it does not hold in time
   */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(LONGEST);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(100);
    }
  }
}
