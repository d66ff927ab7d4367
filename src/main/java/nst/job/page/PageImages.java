package nst.job.page;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.Thumbnail;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.report.row.PageParts;
import nst.report.row.Picture;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the pictures of a page from photos, paintings and results, and stores them. The heap does
 * not grow with the number of rows.
 */
final class PageImages {
  private static final Logger LOG = LoggerFactory.getLogger(PageImages.class);

  /** The longest side of an image on the contact sheet, in pixels. */
  private static final int THUMBNAIL = 320;

  /** The longest side of an image in the large view, in pixels. */
  static final int LARGE = 1024;

  /**
   * Larger images are decoded alone, because their pixels may fill the heap. An image of this size
   * needs 64 MB.
   */
  private static final long MANY_PIXELS = 4 << 20;

  /**
   * After this many storage failures, no further input is read. Each failure can take {@code
   * limits.object_seconds}, and a page can have thousands of inputs.
   */
  private static final int MAX_STORAGE_FAILURES = 3;

  private final ObjectStore inputStore;
  private final long maxInputBytes;
  private final ImageDecoder decoder;
  private final PageParts parts;
  private final ReentrantReadWriteLock decoding = new ReentrantReadWriteLock();
  private final AtomicInteger storageFailures = new AtomicInteger();

  /** The inputs that were already read; empty if one cannot be read. */
  private final Map<Input, Optional<Sizes>> inputs = new ConcurrentHashMap<>();

  private final Set<String> read = ConcurrentHashMap.newKeySet();

  /**
   * A photo or painting.
   *
   * @param side the longest side in the large view, in pixels
   */
  private record Input(String uri, int side) {}

  /** An image in the sizes that the page needs. */
  record Sizes(Picture thumbnail, Picture large) {}

  /**
   * Creates an instance without images.
   *
   * @param inputStore reads photos and paintings
   * @param maxInputBytes larger photos and paintings are not read
   */
  PageImages(ObjectStore inputStore, long maxInputBytes, ImageDecoder decoder, PageParts parts) {
    this.inputStore = inputStore;
    this.maxInputBytes = maxInputBytes;
    this.decoder = decoder;
    this.parts = parts;
  }

  /**
   * Returns a photo or painting; empty if it cannot be read. The status of rows does not depend on
   * this. For several threads.
   *
   * @param side the longest side in the large view, in pixels, at most {@link #LARGE}
   */
  Optional<Sizes> input(String uri, int side) {
    read.add(uri);
    return inputs.computeIfAbsent(
        new Input(uri, side), wanted -> read(uri, (name, bytes) -> of(name, bytes, side)));
  }

  /** Whether {@link #input} was called with this photo or painting. */
  boolean hasRead(String uri) {
    return read.contains(uri);
  }

  /** Stores only a thumbnail of a photo or painting; otherwise as {@link #input}. */
  Optional<Picture> inputThumbnail(String uri) {
    return read(
        uri,
        (wanted, bytes) ->
            decoded(wanted, bytes, image -> kept(Thumbnail.shrunk(image, THUMBNAIL))));
  }

  private <T> Optional<T> read(String uri, BiFunction<String, byte[], Optional<T>> use) {
    if (storageFailures.get() >= MAX_STORAGE_FAILURES) {
      return Optional.empty();
    }
    try {
      return use.apply(uri, inputStore.read(uri, maxInputBytes));
    } catch (TransferException e) {
      if (e.code().isRetryable() && storageFailures.incrementAndGet() == MAX_STORAGE_FAILURES) {
        LOG.warn(
            "The page does not show further photos and paintings: storage failed {} times",
            storageFailures);
      }
      // The message of the failed row has the reason.
      LOG.info("The page does not show {}: {}", uri, Redactor.stackTrace(e));
      return Optional.empty();
    }
  }

  /**
   * Stores an image in both sizes; empty if the heap is too small to decode it. For several
   * threads.
   *
   * @param uri the URI of the image, for the log
   * @throws TransferException if the bytes are not an image
   */
  Optional<Sizes> of(String uri, byte[] bytes) {
    return of(uri, bytes, LARGE);
  }

  private Optional<Sizes> of(String uri, byte[] bytes, int side) {
    return decoded(
        uri,
        bytes,
        image -> {
          RgbImage large = Thumbnail.shrunk(image, side);
          return new Sizes(kept(Thumbnail.shrunk(large, THUMBNAIL)), kept(large));
        });
  }

  /** Stores only the large size; otherwise as {@link #of}. */
  Optional<Picture> large(String uri, byte[] bytes) {
    return decoded(uri, bytes, image -> kept(Thumbnail.shrunk(image, LARGE)));
  }

  /** Stores only a thumbnail; otherwise as {@link #of}. */
  Optional<Picture> thumbnail(String uri, byte[] bytes) {
    // By way of the large size, so that it is equal to the thumbnail of a large picture.
    return decoded(
        uri, bytes, image -> kept(Thumbnail.shrunk(Thumbnail.shrunk(image, LARGE), THUMBNAIL)));
  }

  private <T> Optional<T> decoded(String uri, byte[] bytes, Function<RgbImage, T> use) {
    Lock lock = decoder.pixels(bytes) > MANY_PIXELS ? decoding.writeLock() : decoding.readLock();
    lock.lock();
    try {
      return Optional.of(use.apply(decoder.decode(bytes).image()));
    } catch (OutOfMemoryError e) { // the image is very large; the page is written without it
      LOG.warn("The page does not show {}: the heap is too small to decode it", uri, e);
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Picture kept(RgbImage image) {
    return parts.picture(Thumbnail.jpeg(image), image.width(), image.height());
  }
}
