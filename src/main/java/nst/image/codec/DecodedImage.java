package nst.image.codec;

import java.util.List;
import nst.image.RgbImage;
import nst.image.record.Credits;

/**
 * A decoded image with information about its file.
 *
 * @param image upright, in sRGB, with transparent pixels on white, and with their alpha
 * @param warnings sentences about what was repaired, ignored or left out
 * @param credits the credits in the file
 */
public record DecodedImage(RgbImage image, List<String> warnings, Credits credits) {
  public DecodedImage {
    warnings = List.copyOf(warnings);
  }
}
