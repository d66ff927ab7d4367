package nst.record;

import java.util.Optional;
import nst.image.record.ImageRecordReader;
import nst.model.TransferResult;

/** The records that pictures carry. */
public final class ImageRecords {
  private ImageRecords() {}

  /**
   * The record inside an image; empty where there is none.
   *
   * @param bytes of the image, or of its beginning
   */
  public static Optional<TransferResult> of(byte[] bytes) {
    return ImageRecordReader.read(bytes).map(ResultJson::read);
  }
}
