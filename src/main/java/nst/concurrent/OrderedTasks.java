package nst.concurrent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Runs tasks on several threads and hands their results to the calling thread, in the order of the
 * tasks. Few results wait, so memory does not grow with the number of tasks.
 *
 * @param <T> the result of a task
 */
public final class OrderedTasks<T> implements AutoCloseable {
  /** The number of tasks that are begun or wait to be handed over, for each thread. */
  private static final int AHEAD = 4;

  private final ExecutorService pool;
  private final int most;
  private final Consumer<T> results;
  private final Deque<Future<T>> pending = new ArrayDeque<>();

  /**
   * @param name the name of the threads
   * @param results is called in {@link #add} and {@link #finish}
   */
  public OrderedTasks(int threads, String name, Consumer<T> results) {
    this.pool = Executors.newFixedThreadPool(threads, Threads.daemon(name));
    this.most = AHEAD * threads;
    this.results = results;
  }

  /** Begins a task. If many are pending, hands over the oldest result first. */
  public void add(Callable<T> task) {
    if (pending.size() >= most) {
      handOver();
    }
    pending.add(pool.submit(task));
  }

  /** Hands over all results. */
  public void finish() {
    while (!pending.isEmpty()) {
      handOver();
    }
  }

  /** Stops the tasks whose results were not handed over. */
  @Override
  public void close() {
    pool.shutdownNow();
  }

  private void handOver() {
    T result;
    try {
      result = pending.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a task", e);
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    }
    results.accept(result);
  }
}
