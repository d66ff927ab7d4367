package nst.job.page;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.Thumbnail;
import nst.model.Redactor;
import nst.model.TransferException;
import nst.report.PageImage;
import nst.report.ThumbnailFile;
import nst.storage.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the images of a page from photos, paintings and results. It decodes one image at a time
 * and stores the reduced images in a file, so that the heap does not grow with the number of rows.
 */
final class PageImages {
  private static final Logger LOG = LoggerFactory.getLogger(PageImages.class);

  /** The longest side of an image on the contact sheet, in pixels. */
  private static final int THUMBNAIL = 320;

  /** The longest side of an image in the large view, in pixels. */
  private static final int LARGE = 1024;

  private final ObjectStore store;
  private final ImageDecoder decoder;
  private final ThumbnailFile file;

  /**
   * After this many storage failures, no further input is read. Each failure can take {@code
   * limits.object_seconds}, and a page can have thousands of inputs.
   */
  private static final int MAX_STORAGE_FAILURES = 3;

  private int storageFailures;

  /**
   * The inputs that were already read, because several rows share them; empty if one cannot be
   * read.
   */
  private final Map<String, Optional<Sizes>> inputs = new LinkedHashMap<>();

  /** An image in the sizes that the page needs. */
  record Sizes(PageImage thumbnail, PageImage large) {}

  /**
   * Creates an instance without images.
   *
   * @param file stores the reduced images; must stay open as long as one is used
   */
  PageImages(ObjectStore store, ImageDecoder decoder, ThumbnailFile file) {
    this.store = store;
    this.decoder = decoder;
    this.file = file;
  }

  /**
   * Returns a photo or painting; empty if it cannot be read. The status of rows does not depend on
   * this.
   *
   * @param maxBytes larger objects are not read
   */
  Optional<Sizes> input(String uri, long maxBytes) {
    return inputs.computeIfAbsent(
        uri,
        wanted -> {
          if (storageFailures >= MAX_STORAGE_FAILURES) {
            return Optional.empty();
          }
          try {
            return of(wanted, store.read(wanted, maxBytes));
          } catch (TransferException e) {
            if (e.code().isRetryable() && ++storageFailures == MAX_STORAGE_FAILURES) {
              LOG.warn(
                  "The page does not show further photos and paintings: storage failed {} times",
                  storageFailures);
            }
            // The message of the failed row has the reason.
            LOG.info("The page does not show {}: {}", wanted, Redactor.stackTrace(e));
            return Optional.empty();
          }
        });
  }

  /**
   * Reduces an image to both sizes; empty if the heap is too small to decode it.
   *
   * @param uri the URI of the image, for the log
   * @throws TransferException if the bytes are not an image
   */
  Optional<Sizes> of(String uri, byte[] bytes) {
    try {
      RgbImage large = Thumbnail.shrunk(decoder.decode(bytes).image(), LARGE);
      return Optional.of(new Sizes(kept(Thumbnail.shrunk(large, THUMBNAIL)), kept(large)));
    } catch (OutOfMemoryError e) { // the image is very large; the page is written without it
      LOG.warn("The page does not show {}: the heap is too small to decode it", uri, e);
      return Optional.empty();
    }
  }

  private PageImage kept(RgbImage image) {
    return file.keep(PageImage.jpeg(Thumbnail.jpeg(image), image.width(), image.height()));
  }
}
