package nst.engine;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * The images that this JVM is computing. If the JVM ends, for example by SIGTERM, they are
 * cancelled, and the JVM waits until the last one has left libtorch. A thread that computes while
 * libtorch is unloaded would crash with SIGSEGV and change the JVM's exit code.
 */
final class RunningImages {
  /** Longer than one evaluation of almost any image, and half of Spark's own waiting time. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static int running;
  private static boolean ending;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(RunningImages::end, "running-images"));
  }

  private RunningImages() {}

  /**
   * Registers an image. The caller must call {@link #done} afterwards.
   *
   * @throws CancellationException if the JVM is ending
   */
  static synchronized void begin() {
    requireNotEnding();
    running++;
  }

  static synchronized void done() {
    running--;
    RunningImages.class.notifyAll();
  }

  /**
   * Checks, between two evaluations, whether to continue.
   *
   * @throws CancellationException if the JVM is ending
   */
  static synchronized void requireNotEnding() {
    if (ending) {
      throw new CancellationException("The JVM is ending");
    }
  }

  private static synchronized void end() {
    ending = true;
    long until = System.nanoTime() + WAIT.toNanos();
    for (long left = WAIT.toMillis(); running > 0 && left > 0; left = millisUntil(until)) {
      try {
        RunningImages.class.wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static long millisUntil(long until) {
    return Duration.ofNanos(until - System.nanoTime()).toMillis();
  }
}
