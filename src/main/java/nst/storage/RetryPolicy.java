package nst.storage;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Tries again what a store may do right the next time. S3A does so for every request it makes
 * itself, but what breaks within an object's body, or under a stream that is not S3A's own, comes
 * out as it is.
 *
 * @param tries at least 1
 * @param pause before the second try; twice as long before each that follows, give or take a half,
 *     so that executors that were told to slow down do not come back together
 */
record RetryPolicy(int tries, Duration pause) {
  /** Three seconds of pauses in all; an object has a deadline of two minutes. */
  static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofMillis(200));

  /**
   * A try that fails later than this was tried again beneath, for as long as the store's limits.
   */
  private static final Duration QUICK = Duration.ofSeconds(5);

  /**
   * What the work gives, at the first try that does not throw.
   *
   * @throws TransferException of the last try
   */
  <T> T of(Supplier<T> work) {
    for (int tried = 1; ; tried++) {
      long startNanos = System.nanoTime();
      try {
        return work.get();
      } catch (TransferException e) {
        boolean quick = System.nanoTime() - startNanos < QUICK.toNanos();
        if (tried == tries || !quick || !isWorthAnother(e) || !paused(tried)) {
          throw e;
        }
        RetryCounters.count(e.code());
      }
    }
  }

  private static boolean isWorthAnother(TransferException e) {
    return e.code() == ErrorCode.IO_ERROR || e.code() == ErrorCode.THROTTLED;
  }

  /** False where this thread is wanted back. */
  private boolean paused(int tried) {
    double millis = pause.toMillis() * Math.scalb(1.0, tried - 1);
    try {
      Thread.sleep((long) (millis * ThreadLocalRandom.current().nextDouble(0.5, 1.5)));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
