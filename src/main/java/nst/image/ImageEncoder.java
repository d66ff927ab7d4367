package nst.image;

import nst.model.Hyperparameters.OutputFormat;

/**
 * Writes the result: 8 bits a channel, rounded by {@link Rounding}, marked as sRGB, with the record
 * of its making inside, so that a picture that lost its table still tells what it is.
 */
public final class ImageEncoder {
  private ImageEncoder() {}

  /**
   * A whole file; {@link ImageRecordReader} reads the record back.
   *
   * @param jpegQuality 1 to 100, for JPEG; from 90 on colour is kept at full resolution
   * @throws IllegalArgumentException if a pixel is not a number, or the record has more fields than
   *     fit
   */
  public static byte[] encode(
      RgbImage image, OutputFormat format, int jpegQuality, ImageRecord record) {
    return switch (format) {
      case PNG -> PngRecord.embed(PixelWriter.png(image), record);
      case JPG -> JpegRecord.embed(PixelWriter.jpeg(image, jpegQuality), record);
    };
  }
}
