package nst.job.task;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nst.concurrent.Threads;

/**
 * Runs the rows of one task on one device with several threads that take rows from a shared
 * iterator. The engine batches their evaluations into shared passes through the network.
 */
final class ConcurrentRows {
  private final int count;

  /** Processes rows on the calling thread. */
  interface Worker {
    /** Processes rows until none is left. */
    void run(Iterator<PlannedRow> rows);
  }

  /**
   * @param count the number of rows on the device at the same time, at least 1
   */
  ConcurrentRows(int count) {
    this.count = count;
  }

  /**
   * Runs the worker on each of {@code count} threads and waits for all of them. If one throws, or
   * the calling thread is interrupted, the others are interrupted and the first exception is
   * rethrown.
   */
  void run(Iterator<PlannedRow> rows, Worker worker) {
    if (count == 1) {
      worker.run(rows);
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CompletionService<String> ended = new ExecutorCompletionService<>(threads);
    for (int i = 0; i < count; i++) {
      Future<String> unused = ended.submit(() -> worker.run(new Shared(rows)), "ended");
    }
    Optional<Throwable> thrown = Optional.empty();
    for (int left = count; left > 0 && thrown.isEmpty(); left--) {
      thrown = failure(ended);
    }
    threads.shutdownNow(); // if one has thrown, interrupts the others; else all have ended
    Threads.awaitEnd(threads); // the watchdog handles a stuck row
    if (thrown.isPresent()) {
      throw Threads.rethrown(thrown.get());
    }
  }

  private static Optional<Throwable> failure(CompletionService<String> ended) {
    try {
      ended.take().get();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new CancellationException("interrupted while rows were on the device"));
    } catch (ExecutionException e) {
      return Optional.of(e.getCause());
    }
  }

  /** One worker's view of the shared rows. {@link #hasNext} claims the next row for this worker. */
  private static final class Shared implements Iterator<PlannedRow> {
    private final Iterator<PlannedRow> rows;
    private Optional<PlannedRow> claimed = Optional.empty();

    Shared(Iterator<PlannedRow> rows) {
      this.rows = rows;
    }

    @Override
    public boolean hasNext() {
      if (claimed.isEmpty()) {
        synchronized (rows) {
          claimed = rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
        }
      }
      return claimed.isPresent();
    }

    @Override
    public PlannedRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      PlannedRow row = claimed.orElseThrow();
      claimed = Optional.empty();
      return row;
    }
  }
}
