package nst.engine;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * The images that this JVM is computing. When the JVM ends, by SIGTERM for example, they are
 * cancelled, and the end waits until the last of them has left libtorch: a thread that computes
 * while libtorch is unloaded dies of SIGSEGV, and takes the JVM's exit code with it.
 */
final class RunningImages {
  /** Longer than one evaluation of all but the largest images, and half of what Spark waits. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static int running;
  private static boolean ending;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(RunningImages::end, "running-images"));
  }

  private RunningImages() {}

  /**
   * Counts an image; {@link #done} must follow.
   *
   * @throws CancellationException where the JVM is ending
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
   * Between evaluations.
   *
   * @throws CancellationException where the JVM is ending
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
