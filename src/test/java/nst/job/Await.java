package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Waits for what will be so on any machine, sooner or later. */
final class Await {
  /** Only what hangs takes so long. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private Await() {}

  /**
   * Looks again and again.
   *
   * @param what in words, should it never be so
   */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plus(LONGEST);
    while (!condition.call()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(20);
    }
  }
}
