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
 * One task's rows over one device, several rows side by side: whoever is free takes the next. Their
 * evaluations meet in the engine, which lets them share a pass through the network.
 */
final class ConcurrentRows {
  private final int count;

  /** Works off the rows it is given, on the calling thread. */
  interface Lane {
    /** Returns when no row is left. */
    void run(Iterator<PlannedRow> rows);
  }

  /**
   * @param count rows that are on the device at once, at least 1
   */
  ConcurrentRows(int count) {
    this.count = count;
  }

  /**
   * Runs a lane on each of so many threads, and comes back when all are at their end. Where one
   * throws, or the calling thread is interrupted, the others are interrupted, and what was thrown
   * first comes out.
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
    threads.shutdownNow(); // interrupts those who still work, which is nobody unless one has thrown
    awaitEnd(threads);
    thrown.ifPresent(ConcurrentRows::rethrow);
  }

  private static Optional<Throwable> failure(CompletionService<String> ended) {
    try {
      ended.take().get();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new CancellationException("interrupted while rows are on the device"));
    } catch (ExecutionException e) {
      return Optional.of(e.getCause());
    }
  }

  private static void awaitEnd(ExecutorService threads) {
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = threads.awaitTermination(1, TimeUnit.MINUTES); // a stuck row is the watchdog's
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
    throw new IllegalStateException("a lane throws nothing that is checked", thrown);
  }

  /** One lane's view of rows that all lanes take from: asking for a row claims it. */
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
