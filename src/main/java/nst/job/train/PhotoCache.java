package nst.job.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.engine.stylenetwork.CropSampler;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.model.TransferException;
import nst.storage.ObjectStore;
import nst.storage.Uris;

/**
 * Photos, decoded when they are needed. A photo is reduced to the largest size that crops are cut
 * from, so that many fit into memory. In place of a photo that cannot be used, the next one is
 * given.
 */
final class PhotoCache implements CropSampler.Photos {
  private final List<String> uris;
  private final ObjectStore store;
  private final ImageDecoder decoder;
  private final long maxObjectBytes;
  private final int shortest;
  private final long maxBytes;
  private final Map<String, RgbImage> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, String> leftOut = new TreeMap<>();
  private long bytes;

  /**
   * A cache of photos.
   *
   * @param maxObjectBytes larger objects are not read
   * @param shortest the length to which the shorter side is reduced, in pixels
   * @param maxBytes of the decoded photos that are kept
   */
  PhotoCache(
      List<String> uris,
      ObjectStore store,
      ImageDecoder decoder,
      long maxObjectBytes,
      int shortest,
      long maxBytes) {
    this.uris = List.copyOf(uris);
    this.store = store;
    this.decoder = decoder;
    this.maxObjectBytes = maxObjectBytes;
    this.shortest = shortest;
    this.maxBytes = maxBytes;
  }

  @Override
  public int count() {
    return uris.size();
  }

  @Override
  public RgbImage get(int number) {
    for (int i = 0; i < uris.size(); i++) {
      Optional<RgbImage> photo = find(uris.get((number + i) % uris.size()));
      if (photo.isPresent()) {
        return photo.get();
      }
    }
    throw new IllegalStateException("expected a photo that can be used, found none: " + leftOut);
  }

  /**
   * A photo; empty if it cannot be used.
   *
   * @throws TransferException if storage fails, which says nothing about the photo
   */
  synchronized Optional<RgbImage> find(String uri) {
    if (leftOut.containsKey(uri)) {
      return Optional.empty();
    }
    RgbImage known = kept.get(uri);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      RgbImage photo = reduced(decoder.decode(store.read(uri, maxObjectBytes)).image());
      keep(uri, photo);
      return Optional.of(photo);
    } catch (TransferException e) {
      if (e.code().isRetryable()) {
        throw e;
      }
      leftOut.put(uri, e.getMessage());
      return Optional.empty();
    }
  }

  private RgbImage reduced(RgbImage photo) {
    double scale = shortest / (double) Math.min(photo.width(), photo.height());
    return scale >= 1
        ? photo
        : Resampler.resize(
            photo,
            (int) Math.round(photo.width() * scale),
            (int) Math.round(photo.height() * scale));
  }

  private void keep(String uri, RgbImage photo) {
    kept.put(uri, photo);
    bytes += bytes(photo);
    var eldest = kept.values().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      bytes -= bytes(eldest.next());
      eldest.remove();
    }
  }

  private static long bytes(RgbImage photo) {
    return (long) Float.BYTES * photo.planes().length;
  }

  /** The bytes of the photos that are kept. */
  synchronized long keptBytes() {
    return bytes;
  }

  /** The photos that could not be used so far, each with the reason, by name. */
  synchronized Map<String, String> leftOut() {
    Map<String, String> names = new TreeMap<>();
    leftOut.forEach((uri, reason) -> names.put(Uris.typed(uri), reason));
    return names;
  }
}
