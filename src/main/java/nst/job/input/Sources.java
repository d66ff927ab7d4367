package nst.job.input;

import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.image.RgbImage;
import nst.image.codec.DecodedImage;
import nst.image.codec.ImageDecoder;
import nst.image.record.Credits;
import nst.job.manifest.ManifestColumns;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;

/** Reads and decodes images. Not thread-safe. */
public final class Sources {
  /**
   * The size of the cache for decoded styles. It is enough for seven images of three megapixels;
   * batches are grouped by style, so few are needed at a time.
   */
  private static final long STYLE_BYTES_KEPT = 256L << 20;

  private final InputReader reader;
  private final ImageDecoder decoder;
  private final Map<String, Source> styles = new LinkedHashMap<>(16, 0.75f, true);
  private long styleBytes;
  private Optional<Photo> photo = Optional.empty();

  /** The photo of an earlier row, whose pixels exist as long as a row uses them. */
  private record Photo(
      String uri,
      WeakReference<RgbImage> pixels,
      List<String> warnings,
      Credits credits,
      String sha256) {
    static Photo of(String uri, Source source) {
      DecodedImage decoded = source.decoded();
      return new Photo(
          uri,
          new WeakReference<>(decoded.image()),
          decoded.warnings(),
          decoded.credits(),
          source.sha256());
    }

    Optional<Source> source() {
      return Optional.ofNullable(pixels.get())
          .map(
              image ->
                  new Source(
                      new DecodedImage(image, warnings, credits), sha256, ManifestColumns.CONTENT));
    }
  }

  /**
   * A decoded image with its digest.
   *
   * @param column the column that contained its URI
   */
  public record Source(DecodedImage decoded, String sha256, String column) {
    /** The pixels. */
    public RgbImage image() {
      return decoded.image();
    }

    /** The decoder's warnings, each prefixed with the column. */
    public List<String> warnings() {
      return decoded.warnings().stream().map(warning -> column + ": " + warning).toList();
    }

    private long bytes() {
      return (long) Float.BYTES * image().planes().length;
    }
  }

  /**
   * Reads from a store.
   *
   * @param maxBytes larger objects are refused before they are read
   */
  public Sources(ObjectStore store, ImageDecoder decoder, long maxBytes) {
    this.reader = new InputReader(store, maxBytes);
    this.decoder = decoder;
  }

  /**
   * A photo. Consecutive rows of one photo, as in a sweep, share it without more memory: the next
   * row is fetched while the one before still has the pixels.
   */
  public Source photo(String uri, RowTimes times) {
    return photo
        .filter(earlier -> earlier.uri().equals(uri))
        .flatMap(Photo::source)
        .orElseGet(
            () -> {
              Source read = read(uri, ManifestColumns.CONTENT, times);
              photo = Optional.of(Photo.of(uri, read));
              return read;
            });
  }

  /** A style image, cached for later rows. */
  public Source style(String uri, RowTimes times) {
    Source known = styles.get(uri);
    return known == null ? remembered(uri, read(uri, ManifestColumns.STYLE, times)) : known;
  }

  private Source remembered(String uri, Source style) {
    styles.put(uri, style);
    styleBytes += style.bytes();
    var eldest = styles.values().iterator();
    while (styleBytes > STYLE_BYTES_KEPT && eldest.hasNext()) {
      styleBytes -= eldest.next().bytes();
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
    return reader.read(
        uri, column, times, bytes -> new Source(decoder.decode(bytes), Sha256.hex(bytes), column));
  }
}
