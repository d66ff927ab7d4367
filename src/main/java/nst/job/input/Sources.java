package nst.job.input;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nst.image.codec.ImageDecoder;
import nst.job.manifest.ManifestColumns;
import nst.model.Hyperparameters;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;

/** Reads and decodes images, for several threads. */
public final class Sources {
  /**
   * The size of the cache for decoded styles. It is enough for seven images of three megapixels;
   * batches are grouped by style, so few are needed at a time.
   */
  private static final long STYLE_BYTES_KEPT = 256L << 20;

  private final InputReader reader;
  private final ImageDecoder decoder;
  private final DecodingMemory memory = DecodingMemory.ofThisProcess();
  private final int photosKept;
  private final long styleBytesKept;
  private final Map<String, Source> styles = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, SharedPhoto> photos = new LinkedHashMap<>(16, 0.75f, true);
  private long styleBytes;

  /**
   * Reads from a store.
   *
   * @param maxBytes larger objects are refused before they are read
   * @param threads the number of threads that use these sources at the same time
   */
  public Sources(ObjectStore store, ImageDecoder decoder, long maxBytes, int threads) {
    this(store, decoder, maxBytes, threads, STYLE_BYTES_KEPT);
  }

  /**
   * @param styleBytesKept the size of the cache for decoded styles
   */
  Sources(
      ObjectStore store, ImageDecoder decoder, long maxBytes, int threads, long styleBytesKept) {
    this.reader = new InputReader(store, maxBytes);
    this.decoder = decoder;
    this.photosKept = threads;
    this.styleBytesKept = styleBytesKept;
  }

  /**
   * A photo in the sizes that a row needs. Consecutive rows of one photo, as in a sweep, share it.
   *
   * @param whole whether the row also needs the photo in its own size
   */
  public PhotoSource photo(String uri, Hyperparameters row, boolean whole, RowTimes times) {
    return shared(uri).of(row, whole, times);
  }

  private SharedPhoto shared(String uri) {
    synchronized (photos) {
      SharedPhoto photo =
          photos.computeIfAbsent(
              uri,
              of -> new SharedPhoto((times, use) -> read(of, ManifestColumns.CONTENT, times, use)));
      if (photos.size() > photosKept) {
        photos.remove(photos.keySet().iterator().next());
      }
      return photo;
    }
  }

  /** A style image, cached for later rows. Threads that need a style wait for each other. */
  public Source style(String uri, RowTimes times) {
    synchronized (styles) {
      Source known = styles.get(uri);
      return known == null ? remembered(uri, read(uri, ManifestColumns.STYLE, times)) : known;
    }
  }

  /** Keeps a style; of those before, as many as there is room for. */
  private Source remembered(String uri, Source style) {
    styles.put(uri, style);
    styleBytes += style.image().bytes();
    while (styleBytes > styleBytesKept && styles.size() > 1) {
      var eldest = styles.values().iterator();
      styleBytes -= eldest.next().image().bytes();
      eldest.remove();
    }
    return style;
  }

  /** An optional image; empty if the URI is empty. */
  public Optional<Source> optional(String uri, String column, RowTimes times) {
    return uri.isEmpty() ? Optional.empty() : Optional.of(read(uri, column, times));
  }

  /** Reads and decodes an image. Failures name the column that contained the URI. */
  public Source read(String uri, String column, RowTimes times) {
    return read(uri, column, times, source -> source);
  }

  private <T> T read(String uri, String column, RowTimes times, Function<Source, T> use) {
    return reader.read(
        uri,
        column,
        times,
        bytes ->
            memory.during(
                decoder.peakBytes(bytes),
                () -> use.apply(new Source(decoder.decode(bytes), Sha256.hex(bytes), column))));
  }
}
