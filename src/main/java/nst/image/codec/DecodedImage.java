package nst.image.codec;

import java.util.List;
import nst.image.RgbImage;
import nst.image.record.Credits;

/**
 * An image with what there was to say about its file.
 *
 * @param image upright, sRGB, on white where it was transparent
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param format in lower case: {@code jpeg}
 * @param warnings what was mended, ignored or left out, in words
 * @param credits whose image it is, as the file says
 */
public record DecodedImage(
    RgbImage image, int width, int height, String format, List<String> warnings, Credits credits) {
  public DecodedImage {
    warnings = List.copyOf(warnings);
  }
}
