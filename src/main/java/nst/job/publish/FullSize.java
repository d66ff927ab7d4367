package nst.job.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import nst.image.DetailTransfer;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.image.codec.ImageEncoder;
import nst.image.format.FormatSniffer;
import nst.image.format.ImageFormat;
import nst.image.format.PngChunks;
import nst.image.record.CreditsReader;
import nst.image.record.ImageRecord;
import nst.image.record.ImageRecordReader;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.knob.OutputChoices.OutputFormat;
import nst.model.text.Sha256;
import nst.storage.ObjectStore;

/**
 * The picture in the size of its photo, or with a longest side, with the photo's fine detail.
 *
 * @param store has the pictures and the photos
 * @param limits for the photos
 * @param longest the longest side in pixels; a smaller photo keeps its size
 */
record FullSize(ObjectStore store, ImageLimits limits, int longest) implements Rendition {
  /** Heap for a pixel: the decoded photo, the enlarged picture, the result, and four planes. */
  private static final int BYTES_PER_PIXEL = 56;

  private static final int PIXELS_PER_PERMIT = 1 << 16;

  /** The share of the heap for all pictures that this process enlarges at the same time. */
  private static final int PERMITS =
      Math.max(
          1, (int) (0.7 * Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL / PIXELS_PER_PERMIT));

  private static final Semaphore HEAP = new Semaphore(PERMITS, true);

  /**
   * Whether the record in the file says that it was made from the same picture and photo, in the
   * same way. Computing the picture again would take seconds.
   */
  @Override
  public boolean matches(PublishedPicture picture, byte[] file) {
    try {
      Optional<String> found = ImageRecordReader.read(file);
      return found.isPresent() && found.get().equals(record(picture, pictureSha256(picture)));
    } catch (TransferException e) {
      return false; // another file, or a damaged one
    }
  }

  @Override
  public byte[] bytes(PublishedPicture picture) {
    byte[] small = store.read(picture.uri(), Integer.MAX_VALUE);
    byte[] photo = store.read(picture.content(), limits.maxBytes());
    String photoSha256 = Sha256.hex(photo);
    if (picture.contentSha256() != null && !picture.contentSha256().equals(photoSha256)) {
      throw new TransferException(
          ErrorCode.SOURCE_CHANGED,
          "The photo has changed since it was stylised: expected SHA-256 "
              + picture.contentSha256()
              + ", was "
              + photoSha256
              + " ("
              + picture.content()
              + "). Run the manifest again");
    }
    ImageDecoder decoder = new ImageDecoder(limits);
    long wanted = 1 + decoder.pixels(photo) / PIXELS_PER_PERMIT;
    int permits = (int) Math.min(PERMITS, wanted);
    HEAP.acquireUninterruptibly(permits);
    try {
      return enlarged(picture, decoder.decodeOutput(small), small, decoder.decode(photo).image());
    } finally {
      HEAP.release(permits);
    }
  }

  private byte[] enlarged(PublishedPicture picture, RgbImage small, byte[] file, RgbImage photo) {
    RgbImage enlarged = DetailTransfer.enlarge(small, photo, longest);
    ImageFormat format = FormatSniffer.sniff(file);
    String sha256 = Sha256.hex(file);
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("key", picture.key());
    fields.put("enlarged_from_sha256", sha256);
    ImageRecord record =
        new ImageRecord(record(picture, sha256), fields, CreditsReader.of(file, format));
    return ImageEncoder.encode(
        enlarged, format(file, format), picture.jpegQuality(), pixels -> record);
  }

  /** The format of the picture, with its bits. */
  private static OutputFormat format(byte[] file, ImageFormat format) {
    if (format != ImageFormat.PNG) {
      return OutputFormat.JPG;
    }
    return PngChunks.of(file).bitDepth() == 16 ? OutputFormat.PNG16 : OutputFormat.PNG;
  }

  private String pictureSha256(PublishedPicture picture) {
    return picture.sha256() == null
        ? Sha256.hex(store.read(picture.uri(), Integer.MAX_VALUE))
        : picture.sha256();
  }

  /** All that the enlarged picture depends on. */
  private String record(PublishedPicture picture, String sha256) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record
        .putObject("enlarged")
        .put("key", picture.key())
        .put("picture_sha256", sha256)
        .put("photo_sha256", picture.contentSha256())
        .put("longest", longest)
        .put("method", "detail transfer 1");
    return record.toString();
  }
}
