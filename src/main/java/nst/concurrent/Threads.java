package nst.concurrent;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Starts background threads and waits for them. */
public final class Threads {
  private Threads() {}

  /** A factory of daemon threads, which do not keep the process alive, all with this name. */
  public static ThreadFactory daemon(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Waits until all work of an executor that was shut down has ended, even if the calling thread is
   * interrupted. The interrupt is kept for later.
   */
  public static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What work on another thread has thrown, to be thrown again on this one.
   *
   * @return a {@link RuntimeException}; checked exceptions are wrapped
   * @throws Error if it is one
   */
  public static RuntimeException rethrown(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return thrown instanceof RuntimeException exception
        ? exception
        : new IllegalStateException("expected no checked exception", thrown);
  }
}
