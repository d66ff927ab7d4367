package nst.concurrent;

import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A cache of a limited size in bytes, which drops the least recently used entry first. All threads
 * share it. A thread that needs an entry that another is computing waits for it.
 */
public final class BoundedCache<K, V> {
  private final long maxBytes;
  private final ToLongFunction<V> bytes;
  private final LinkedHashMap<K, CompletableFuture<V>> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param bytes the size of an entry
   */
  public BoundedCache(long maxBytes, ToLongFunction<V> bytes) {
    this.maxBytes = maxBytes;
    this.bytes = bytes;
  }

  /**
   * Returns the cached value. If there is none, calls {@code compute} and caches the result, unless
   * it throws or the result is larger than the cache.
   */
  public V of(K key, Supplier<V> compute) {
    CompletableFuture<V> ours = new CompletableFuture<>();
    CompletableFuture<V> theirs;
    synchronized (kept) {
      theirs = kept.putIfAbsent(key, ours);
    }
    if (theirs != null) {
      return joined(theirs, compute);
    }
    try {
      ours.complete(compute.get());
    } catch (RuntimeException | Error e) {
      synchronized (kept) {
        kept.remove(key, ours);
      }
      ours.completeExceptionally(e);
      throw e;
    }
    makeRoom(key, ours);
    return ours.join();
  }

  /**
   * If another thread fails, for example at its deadline, this thread computes the value itself.
   */
  private V joined(CompletableFuture<V> theirs, Supplier<V> compute) {
    try {
      return theirs.join();
    } catch (CompletionException e) {
      return compute.get();
    }
  }

  private void makeRoom(K key, CompletableFuture<V> computed) {
    synchronized (kept) {
      if (bytesOf(computed) > maxBytes) {
        kept.remove(key, computed);
      }
      var oldestFirst = kept.entrySet().iterator();
      long sum = keptBytes();
      while (sum > maxBytes && oldestFirst.hasNext()) {
        CompletableFuture<V> oldest = oldestFirst.next().getValue();
        if (oldest.isDone()) {
          sum -= bytesOf(oldest);
          oldestFirst.remove();
        }
      }
    }
  }

  /** The size of all entries. */
  public long keptBytes() {
    synchronized (kept) {
      return kept.values().stream().mapToLong(this::bytesOf).sum();
    }
  }

  private long bytesOf(CompletableFuture<V> value) {
    return value.isDone() && !value.isCompletedExceptionally()
        ? bytes.applyAsLong(value.join())
        : 0;
  }
}
