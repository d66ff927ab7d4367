package nst.job.input;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits how many images are decoded at the same time, so that together they need at most half of
 * the heap. An image that needs more is decoded alone.
 */
final class DecodingMemory {
  private static final DecodingMemory OF_THIS_PROCESS =
      new DecodingMemory(Runtime.getRuntime().maxMemory() / 2);

  private final int mebibytes;
  private final Semaphore free;

  DecodingMemory(long bytes) {
    this.mebibytes = (int) Math.max(1, bytes >> 20);
    this.free = new Semaphore(mebibytes, true); // fair, so that large images get their turn
  }

  /** The memory that all tasks of this process share. */
  static DecodingMemory ofThisProcess() {
    return OF_THIS_PROCESS;
  }

  /**
   * Does the work when there is enough memory. The work must not ask for more.
   *
   * @param bytes the largest memory of the work
   * @throws CancellationException if the thread is interrupted; its interrupt status stays set
   */
  <T> T during(long bytes, Supplier<T> work) {
    int share = (int) Math.max(1, Math.min(mebibytes, bytes >> 20));
    try {
      free.acquire(share);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException)
          new CancellationException("interrupted before an image was decoded").initCause(e);
    }
    try {
      return work.get();
    } finally {
      free.release(share);
    }
  }
}
