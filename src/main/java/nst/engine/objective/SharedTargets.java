package nst.engine.objective;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import nst.concurrent.BoundedCache;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Knob;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.SizeChoices.StyleFit;

/**
 * The targets that images share: the Gram matrices of a style are computed once for a catalogue,
 * and the maps of a photo that several images use, as in a sweep, twice at most. The targets are on
 * the heap. All threads share this object.
 */
public final class SharedTargets {
  private final BoundedCache<StyleKey, Grams> styles;
  private final BoundedCache<PhotoKey, PhotoMaps> photos;
  private final Map<RgbImage, Boolean> seenPhotos = new WeakHashMap<>(); // by identity

  /**
   * @param styleBytes the largest size of all styles' targets
   * @param photoBytes the largest size of all photos' maps
   */
  public SharedTargets(long styleBytes, long photoBytes) {
    this.styles = new BoundedCache<>(styleBytes, Grams::bytes);
    this.photos = new BoundedCache<>(photoBytes, PhotoMaps::bytes);
  }

  /**
   * Everything that the Gram matrices of a style depend on.
   *
   * @param style the digest of the style image and its mask
   * @param full the size to which it is cropped, before it is scaled down for the pyramid
   * @param size the size of the network's input
   */
  record StyleKey(
      String style,
      StyleFit fit,
      Size full,
      Size size,
      Set<Layer> layers,
      GramNormalization gram,
      Map<Knob, Object> features) {
    StyleKey {
      layers = new TreeSet<>(layers);
    }
  }

  /**
   * Everything that the maps of a photo depend on.
   *
   * @param photo the photo at this scale: this object, not an equal one
   * @param contentLayers the layers whose maps are kept
   * @param gramLayers the layers whose Gram matrices are kept
   */
  record PhotoKey(
      RgbImage photo,
      Set<Layer> contentLayers,
      Set<Layer> gramLayers,
      GramNormalization gram,
      Map<Knob, Object> features) {
    PhotoKey {
      contentLayers = new TreeSet<>(contentLayers);
      gramLayers = new TreeSet<>(gramLayers);
    }
  }

  /** Gram matrices by layer, each (N, N) row by row. Do not modify them. */
  record Grams(Map<Layer, float[]> byLayer) {
    /** Takes over the values of tensors, and closes these. */
    static Grams of(Map<Layer, NDArray> tensors) {
      Map<Layer, float[]> byLayer = new EnumMap<>(Layer.class);
      tensors.forEach((layer, gram) -> byLayer.put(layer, values(gram)));
      return new Grams(byLayer);
    }

    /** The matrices as new tensors, owned by libtorch. */
    Map<Layer, NDArray> tensors(NDManager manager) {
      Map<Layer, NDArray> tensors = new EnumMap<>(Layer.class);
      byLayer.forEach(
          (layer, values) -> {
            long channels = Math.round(Math.sqrt(values.length)); // N
            try (NDArray borrowed = manager.create(values, new Shape(channels, channels))) {
              tensors.put(layer, borrowed.duplicate());
            }
          });
      return tensors;
    }

    long bytes() {
      return SharedTargets.bytes(byLayer);
    }
  }

  /**
   * What the targets need of a photo's maps. Do not modify the values.
   *
   * @param shapes the shape of each layer's map, (1, N, height, width)
   * @param content the maps of the content layers, row by row
   * @param grams the Gram matrices of the style layers over all positions
   */
  record PhotoMaps(Map<Layer, Shape> shapes, Map<Layer, float[]> content, Grams grams) {
    long bytes() {
      return SharedTargets.bytes(content) + grams.bytes();
    }
  }

  /** The values of a tensor in single precision, row by row. Closes the tensor. */
  static float[] values(NDArray tensor) {
    try (tensor;
        NDArray here = tensor.toDevice(Device.cpu(), true); // DJL would not close its own copy
        NDArray single = here.toType(DataType.FLOAT32, true)) {
      return single.toFloatArray();
    }
  }

  private static long bytes(Map<Layer, float[]> byLayer) {
    return byLayer.values().stream().mapToLong(values -> (long) values.length * Float.BYTES).sum();
  }

  /** The Gram matrices of a style, which are computed if they are not cached. */
  Grams style(StyleKey key, Supplier<Grams> compute) {
    return styles.of(key, compute);
  }

  /**
   * The maps of a photo, which are computed if they are not cached. Empty if this is the first use
   * of the photo: most photos of a catalogue are used once, and keeping their maps would only take
   * memory.
   */
  Optional<PhotoMaps> photo(PhotoKey key, Supplier<PhotoMaps> compute) {
    boolean seen;
    synchronized (seenPhotos) {
      seen = seenPhotos.put(key.photo(), true) != null;
    }
    return seen ? Optional.of(photos.of(key, compute)) : Optional.empty();
  }

  /** The size of all styles' targets. */
  public long styleBytes() {
    return styles.keptBytes();
  }

  /** The size of all photos' maps. */
  public long photoBytes() {
    return photos.keptBytes();
  }
}
