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
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * {@link ObjectStore} that gives up on an object that takes too long: a slow drip must not hold a
 * device for hours.
 */
public final class TimedObjectStore implements ObjectStore {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "object-store");
            thread.setDaemon(true);
            return thread;
          });

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

  /** A listing is as long as its folder: it has no deadline. */
  @Override
  public Iterator<String> list(String folder) {
    return store.list(folder);
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
        throw error; // no row's failure: the process cannot be trusted
      }
      throw new IllegalStateException("Cannot " + verb + " " + uri, e.getCause());
    }
  }

  /** Says what the store was asked again for meanwhile: by any thread, so it is a hint. */
  private TransferException tookTooLong(
      String verb, String uri, RetryCounters meanwhile, TimeoutException cause) {
    String expected =
        "Cannot " + verb + " " + uri + ": expected an end within " + deadline.toSeconds() + " s";
    String trouble =
        meanwhile.equals(RetryCounters.NONE)
            ? ""
            : "; meanwhile the stores of this process met "
                + meanwhile.retries()
                + " retries and asked "
                + meanwhile.throttled()
                + " times to slow down";
    return new TransferException(ErrorCode.TIMEOUT, expected + trouble, cause);
  }
}
