package nst.image.record;

import java.util.Optional;
import nst.image.format.FormatSniffer;
import nst.model.TransferException;

/** Gets the record back out of an image that {@code ImageEncoder} wrote. */
public final class ImageRecordReader {
  /** A record of more than this is none of ours. */
  static final int MAX_RECORD_BYTES = 64 << 20;

  private ImageRecordReader() {}

  /**
   * The record's JSON, exactly as it was written.
   *
   * @param bytes the file
   * @return empty where there is none, or where the bytes end before it does
   * @throws TransferException CORRUPT_IMAGE where there is one that is damaged; EMPTY, NOT_AN_IMAGE
   *     or UNSUPPORTED_FORMAT where the bytes begin no image
   */
  public static Optional<String> read(byte[] bytes) {
    return switch (FormatSniffer.sniff(bytes)) {
      case PNG -> PngRecord.extract(bytes);
      case JPEG -> JpegRecord.extract(bytes);
      case GIF, BMP, TIFF, WEBP -> Optional.empty();
    };
  }
}
