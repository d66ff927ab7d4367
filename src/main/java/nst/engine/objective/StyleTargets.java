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
import nst.model.knob.Effect;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.SizeChoices.StyleFit;

/**
 * The Gram matrices of styles, kept so that a catalogue computes each once. They lie in the heap,
 * at most so many bytes of them, the longest unused dropped first. Shared by all threads; who asks
 * for what another is computing waits for it.
 */
public final class StyleTargets {

  /**
   * All that a style's Gram matrices depend on.
   *
   * @param style digest of the style image and of its mask
   * @param full what it is cut to, before it is scaled down with the pyramid
   * @param size what the network sees
   * @param features the knobs that affect {@link Effect#FEATURES}
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

  /** Gram matrices by layer, each (N, N) row by row; not to be written to. */
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

  /** The kept matrices, or {@code compute}'s, kept from now on unless it throws. */
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

  /** Another thread's failure (its deadline, say) is not ours: then we compute for ourselves. */
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
