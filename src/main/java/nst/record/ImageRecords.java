package nst.record;

import java.util.Optional;
import nst.image.codec.PixelDigest;
import nst.image.record.ImageRecordReader;
import nst.model.TransferResult;

/** Reads the records inside images. */
public final class ImageRecords {
  private ImageRecords() {}

  /** What to do with a record that has no digest of the pixels. Early versions wrote none. */
  public enum WithoutDigest {
    ACCEPT,
    REJECT
  }

  /**
   * The record inside an image; empty if there is none.
   *
   * @param bytes the image, or its beginning
   */
  public static Optional<TransferResult> of(byte[] bytes) {
    return ImageRecordReader.read(bytes).map(ResultJson::read);
  }

  /**
   * The record inside an image, if it is the record of this key and of the image's pixels.
   *
   * @throws IllegalArgumentException if the record is missing or does not match
   * @throws nst.model.TransferException if the bytes are not an image, or are damaged
   */
  public static TransferResult matching(byte[] bytes, String key, WithoutDigest withoutDigest) {
    String json =
        ImageRecordReader.read(bytes)
            .orElseThrow(
                () -> new IllegalArgumentException("expected an image record, found none"));
    TransferResult record = ResultJson.read(json);
    if (!record.key().equals(key)) {
      throw new IllegalArgumentException("expected the record of " + key + ", was " + record.key());
    }
    Optional<String> recorded = ResultJson.pixelsSha256(json);
    if (recorded.isEmpty() && withoutDigest == WithoutDigest.REJECT) {
      throw new IllegalArgumentException(
          "expected a digest of the pixels in the record, found none");
    }
    if (recorded.isPresent()) {
      String found = PixelDigest.of(bytes);
      if (!recorded.get().equals(found)) {
        throw new IllegalArgumentException(
            "expected pixels with the digest in the record, " + recorded.get() + ", was " + found);
      }
    }
    return record;
  }
}
