package nst.image.record;

import java.util.Optional;
import nst.image.format.FormatSniffer;
import nst.model.TransferException;

/** Reads the record from an image that {@code ImageEncoder} wrote. */
public final class ImageRecordReader {
  /** The largest record that is read. */
  static final int MAX_RECORD_BYTES = 64 << 20;

  private ImageRecordReader() {}

  /**
   * The record's JSON, exactly as it was written.
   *
   * @param bytes the file
   * @return empty if there is no record or the bytes end before its end
   * @throws TransferException CORRUPT_IMAGE if the record is damaged; EMPTY, NOT_AN_IMAGE or
   *     UNSUPPORTED_FORMAT if the bytes are not the beginning of an image
   */
  public static Optional<String> read(byte[] bytes) {
    return switch (FormatSniffer.sniff(bytes)) {
      case PNG -> PngRecord.extract(bytes);
      case JPEG -> JpegRecord.extract(bytes);
      case GIF, BMP, TIFF, WEBP -> Optional.empty();
    };
  }
}
