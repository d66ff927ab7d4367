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
    return encode(image, format, jpegQuality, pixelsSha256 -> record);
  }

  /**
   * The same with a record that says which pixels it belongs to.
   *
   * @param record makes the record from the file's {@link PixelDigest}
   */
  public static byte[] encode(
      RgbImage image, OutputFormat format, int jpegQuality, Function<String, ImageRecord> record) {
    return switch (format) {
      case PNG ->
          PngRecord.embed(PixelWriter.png(image), record.apply(PixelDigest.ofPixels(image)));
      case JPG -> {
        byte[] bare = PixelWriter.jpeg(image, jpegQuality);
        ImageRecord none = new ImageRecord("", Map.of());
        String pixelsSha256 = PixelDigest.of(JpegRecord.embed(bare, none));
        yield JpegRecord.embed(bare, record.apply(pixelsSha256));
      }
    };
  }
}
