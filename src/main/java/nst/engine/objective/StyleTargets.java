package nst.engine.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import nst.image.Size;
import nst.model.Knob;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.SizeChoices.StyleFit;

/**
 * A cache of the Gram matrices of styles, so that each is computed once for a catalogue. It is on
 * the heap, has a limited size and drops the least recently used entry first. All threads share it.
 * A thread that needs an entry that another is computing waits for it.
 */
public final class StyleTargets {

  /**
   * Everything that the Gram matrices of a style depend on.
   *
   * @param style the digest of the style image and its mask
   * @param full the size to which it is cropped, before it is scaled down for the pyramid
   * @param size the size of the network's input
   */
  record Key(
      String style,
      StyleFit fit,
      Size full,
      Size size,
      Set<Layer> layers,
      GramNormalization gram,
      Map<Knob, Object> features) {
    Key {
      layers = new TreeSet<>(layers);
    }
  }

  /** The Gram matrices by layer, each (N, N) row by row. Do not modify them. */
  record Grams(Map<Layer, float[]> byLayer) {
    long bytes() {
      return byLayer.values().stream().mapToLong(gram -> (long) gram.length * Float.BYTES).sum();
    }
  }

  private final long maxBytes;
  private final LinkedHashMap<Key, CompletableFuture<Grams>> kept =
      new LinkedHashMap<>(16, 0.75f, true);

  public StyleTargets(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Returns the cached matrices. If there are none, calls {@code compute} and caches the result,
   * unless it throws.
   */
  Grams of(Key key, Supplier<Grams> compute) {
    CompletableFuture<Grams> ours = new CompletableFuture<>();
    CompletableFuture<Grams> theirs;
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
    dropLongestUnused();
    return ours.join();
  }

  /**
   * If another thread fails, for example at its deadline, this thread computes the matrices itself.
   */
  private static Grams joined(CompletableFuture<Grams> theirs, Supplier<Grams> compute) {
    try {
      return theirs.join();
    } catch (CompletionException e) {
      return compute.get();
    }
  }

  private void dropLongestUnused() {
    synchronized (kept) {
      var oldestFirst = kept.entrySet().iterator();
      long bytes = keptBytes();
      while (bytes > maxBytes && oldestFirst.hasNext()) {
        CompletableFuture<Grams> oldest = oldestFirst.next().getValue();
        if (oldest.isDone()) {
          bytes -= bytesOf(oldest);
          oldestFirst.remove();
        }
      }
    }
  }

  public long keptBytes() {
    synchronized (kept) {
      return kept.values().stream().mapToLong(StyleTargets::bytesOf).sum();
    }
  }

  private static long bytesOf(CompletableFuture<Grams> grams) {
    return grams.isDone() && !grams.isCompletedExceptionally() ? grams.join().bytes() : 0;
  }
}
