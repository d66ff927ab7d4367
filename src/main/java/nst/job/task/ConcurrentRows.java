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
import java.util.concurrent.TimeUnit;

/**
 * Runs the rows of one task on one device with several threads that take rows from a shared
 * iterator. The engine batches their evaluations into shared passes through the network.
 */
final class ConcurrentRows {
  private final int count;

  /** Processes rows on the calling thread. */
  interface Lane {
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
   * Runs a lane on each of {@code count} threads and waits for all of them. If one throws, or the
   * calling thread is interrupted, the others are interrupted and the first exception is rethrown.
   */
  void run(Iterator<PlannedRow> rows, Lane lane) {
    if (count == 1) {
      lane.run(rows);
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CompletionService<String> ended = new ExecutorCompletionService<>(threads);
    for (int i = 0; i < count; i++) {
      Future<String> unused = ended.submit(() -> lane.run(new Shared(rows)), "ended");
    }
    Optional<Throwable> thrown = Optional.empty();
    for (int left = count; left > 0 && thrown.isEmpty(); left--) {
      thrown = failure(ended);
    }
    threads.shutdownNow(); // interrupts the other lanes if one has thrown; otherwise all have ended
    awaitEnd(threads);
    thrown.ifPresent(ConcurrentRows::rethrow);
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

  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = threads.awaitTermination(1, TimeUnit.MINUTES); // the watchdog handles a stuck row
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException("a lane must not throw checked exceptions", thrown);
  }

  /** One lane's view of the shared rows. {@link #hasNext} claims the next row for this lane. */
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
