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
 * Makes the images of a page from photos, paintings and results. One image at a time is decoded,
 * and what is made of it goes to a file at once: the heap that this takes does not grow with the
 * rows.
 */
final class PageImages {
  private static final Logger LOG = LoggerFactory.getLogger(PageImages.class);

  /** Longest sides, in pixels: for the contact sheet, and for the large view. */
  private static final int THUMBNAIL = 320;

  private static final int LARGE = 1024;

  private final ObjectStore store;
  private final ImageDecoder decoder;
  private final ThumbnailFile file;

  /**
   * After this many inputs that storage did not deliver in time, no further input is read. Each may
   * take {@code limits.object_seconds}, and a page has thousands of them.
   */
  private static final int MOST_STORAGE_FAILURES = 3;

  private int storageFailures;

  /** Several rows share inputs: each is read once. Empty where it cannot be read. */
  private final Map<String, Optional<Sizes>> inputs = new LinkedHashMap<>();

  /** One image as the page shows it. */
  record Sizes(PageImage thumbnail, PageImage large) {}

  /**
   * @param file takes what is made; must stay open as long as an image is used
   */
  PageImages(ObjectStore store, ImageDecoder decoder, ThumbnailFile file) {
    this.store = store;
    this.decoder = decoder;
    this.file = file;
  }

  /**
   * A photo or painting; empty where it cannot be shown, which no row's status depends on.
   *
   * @param maxBytes an object with more is not read
   */
  Optional<Sizes> input(String uri, long maxBytes) {
    return inputs.computeIfAbsent(
        uri,
        wanted -> {
          if (storageFailures >= MOST_STORAGE_FAILURES) {
            return Optional.empty();
          }
          try {
            return of(wanted, store.read(wanted, maxBytes));
          } catch (TransferException e) {
            if (e.code().isRetryable() && ++storageFailures == MOST_STORAGE_FAILURES) {
              LOG.warn(
                  "The page lacks all further photos and paintings: storage failed {} times",
                  storageFailures);
            }
            // The row's own failure tells why.
            LOG.info("The page lacks {}: {}", wanted, Redactor.stackTrace(e));
            return Optional.empty();
          }
        });
  }

  /**
   * An image in both sizes; empty where the heap is too small to decode it.
   *
   * @param uri of the image, for the log
   * @throws TransferException where the bytes are no image
   */
  Optional<Sizes> of(String uri, byte[] bytes) {
    try {
      RgbImage large = Thumbnail.shrunk(decoder.decode(bytes).image(), LARGE);
      return Optional.of(new Sizes(kept(Thumbnail.shrunk(large, THUMBNAIL)), kept(large)));
    } catch (OutOfMemoryError e) { // of one very large image; the page can do without it
      LOG.warn("The page lacks {}: the heap is too small to decode it", uri, e);
      return Optional.empty();
    }
  }

  private PageImage kept(RgbImage image) {
    return file.keep(PageImage.jpeg(Thumbnail.jpeg(image), image.width(), image.height()));
  }
}
