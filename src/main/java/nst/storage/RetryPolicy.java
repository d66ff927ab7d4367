package nst.storage;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * Retries transient storage failures. S3A retries the requests that it makes itself, but not
 * failures while reading an object's body or in streams other than its own.
 *
 * @param tries at least 1
 * @param pause before the second try. It doubles for each further try and varies by up to half, so
 *     that throttled executors do not retry at the same time
 */
record RetryPolicy(int tries, Duration pause) {
  /** Pauses for three seconds in total, well below the deadline of two minutes for an object. */
  static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofMillis(200));

  /** A try that fails later than this has already been retried by S3A or the SDK. */
  private static final Duration QUICK = Duration.ofSeconds(5);

  /**
   * Runs the work until it succeeds.
   *
   * @throws TransferException if the last try fails, or the failure is not transient
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

  /** Sleeps before the next try; false if the thread was interrupted. */
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
