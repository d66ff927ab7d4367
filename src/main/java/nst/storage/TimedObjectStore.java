package nst.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nst.concurrent.Threads;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * {@link ObjectStore} with a deadline for each object, so that a slow connection cannot block a
 * device for hours.
 */
public final class TimedObjectStore implements ObjectStore {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Threads.daemon("object-store"));

  private final ObjectStore store;
  private final Duration deadline;

  public TimedObjectStore(ObjectStore store, Duration deadline) {
    this.store = store;
    this.deadline = deadline;
  }

  @Override
  public byte[] read(String uri, long maxBytes) {
    return timed("read", uri, () -> store.read(uri, maxBytes));
  }

  @Override
  public void write(String uri, byte[] bytes) {
    timed(
        "write",
        uri,
        () -> {
          store.write(uri, bytes);
          return true;
        });
  }

  @Override
  public void write(String uri, Path file) {
    timed(
        "write",
        uri,
        () -> {
          store.write(uri, file);
          return true;
        });
  }

  @Override
  public boolean create(String uri, byte[] bytes) {
    return timed("write", uri, () -> store.create(uri, bytes));
  }

  @Override
  public boolean exists(String uri) {
    return timed("look up", uri, () -> store.exists(uri));
  }

  @Override
  public void delete(String uri) {
    timed(
        "delete",
        uri,
        () -> {
          store.delete(uri);
          return true;
        });
  }

  /** Listings have no deadline, because their duration depends on the size of the folder. */
  @Override
  public Iterator<String> list(String folder) {
    return store.list(folder);
  }

  @Override
  public Iterator<StoredObject> objects(String folder) {
    return store.objects(folder);
  }

  private <T> T timed(String verb, String uri, Callable<T> work) {
    RetryCounters before = RetryCounters.ofThisProcess();
    Future<T> future = THREADS.submit(work);
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw tookTooLong(verb, uri, RetryCounters.ofThisProcess().since(before), e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException("interrupted at " + uri).initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransferException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error; // not a failure of the row: the process may be in an undefined state
      }
      throw new IllegalStateException("Cannot " + verb + " " + uri, e.getCause());
    }
  }

  /**
   * The message includes the retries in the meantime. All threads contribute to them, so they are
   * only a hint.
   */
  private TransferException tookTooLong(
      String verb, String uri, RetryCounters meanwhile, TimeoutException cause) {
    String expected =
        "Cannot " + verb + " " + uri + ": timed out after " + deadline.toSeconds() + " s";
    String retries =
        meanwhile.equals(RetryCounters.NONE)
            ? ""
            : "; in that time the storage requests of this process were retried "
                + meanwhile.retries()
                + " times and throttled "
                + meanwhile.throttled()
                + " times";
    return new TransferException(ErrorCode.TIMEOUT, expected + retries, cause);
  }
}
