package nst.image.codec;

import java.util.Map;
import java.util.function.Function;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.record.ImageRecord;
import nst.image.record.ImageRecordReader;
import nst.image.record.JpegRecord;
import nst.image.record.PngRecord;
import nst.model.knob.OutputChoices.OutputFormat;

/**
 * Encodes results: 8 or 16 bits per channel, rounded by {@link Rounding}, marked as sRGB. A PNG has
 * the alpha of the image; a JPEG has no alpha. The file contains the record of how it was made, so
 * that an image can be identified without the tables.
 */
public final class ImageEncoder {
  private ImageEncoder() {}

  /**
   * Encodes a file. {@link ImageRecordReader} reads the record.
   *
   * @param jpegQuality 1 to 100, for JPEG; from 90, colour has the full resolution
   * @param record creates the record from the file's {@link PixelDigest}
   * @throws IllegalArgumentException if a pixel is not a number, or the record has more fields than
   *     fit
   */
  public static byte[] encode(
      RgbImage image, OutputFormat format, int jpegQuality, Function<String, ImageRecord> record) {
    return switch (format) {
      case PNG, PNG16 -> {
        String pixelsSha256 = PixelDigest.ofPixels(image, format.bits());
        yield PngRecord.embed(PixelWriter.png(image, format.bits()), record.apply(pixelsSha256));
      }
      case JPG -> {
        byte[] bare = PixelWriter.jpeg(image, jpegQuality);
        ImageRecord none = new ImageRecord("", Map.of());
        String pixelsSha256 = PixelDigest.of(JpegRecord.embed(bare, none));
        yield JpegRecord.embed(bare, record.apply(pixelsSha256));
      }
    };
  }
}
