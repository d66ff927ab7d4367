package nst.image;

import java.io.Serializable;
import nst.model.ErrorCode;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;

/**
 * The limits for images. They are checked against the header before pixels are decoded, because a
 * file of one kilobyte can claim gigapixels.
 *
 * @param maxBytes the largest size of a file
 * @param maxPixels the largest product of width and height
 * @param minSide the smallest shorter side, in pixels
 * @param maxAspect the largest ratio of the longer to the shorter side
 */
public record ImageLimits(long maxBytes, long maxPixels, int minSide, double maxAspect)
    implements Serializable {

  /** The default limits. */
  public static final ImageLimits DEFAULT =
      new ImageLimits(
          whole(Setting.MAX_BYTES),
          whole(Setting.MAX_PIXELS),
          Math.toIntExact(whole(Setting.MIN_SIDE)),
          (Double) fallback(Setting.MAX_ASPECT));

  /** The configured limits. */
  public static ImageLimits of(RunConfig config) {
    return new ImageLimits(
        config.whole(Setting.MAX_BYTES),
        config.whole(Setting.MAX_PIXELS),
        config.integer(Setting.MIN_SIDE),
        config.real(Setting.MAX_ASPECT));
  }

  private static long whole(Setting setting) {
    return (Long) fallback(setting);
  }

  private static Object fallback(Setting setting) {
    return setting.domain().parse(setting.defaultText());
  }

  public ImageLimits {
    if (maxBytes < 1 || maxPixels < 1 || minSide < 1 || !(maxAspect >= 1)) {
      throw new IllegalArgumentException(
          "Invalid limits: expected positive numbers and an aspect of at least 1, was max_bytes="
              + maxBytes
              + ", max_pixels="
              + maxPixels
              + ", min_side="
              + minSide
              + ", max_aspect="
              + maxAspect);
    }
  }

  /**
   * Checks the size of a file.
   *
   * @throws TransferException IMAGE_TOO_LARGE
   */
  public void checkBytes(long bytes) {
    if (bytes > maxBytes) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_LARGE,
          "Image too large: expected at most " + maxBytes + " bytes, was " + bytes);
    }
  }

  /**
   * Checks the width and height of an image.
   *
   * @throws TransferException IMAGE_TOO_LARGE or IMAGE_TOO_SMALL
   */
  public void checkSize(int width, int height) {
    if ((long) width * height > maxPixels) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_LARGE,
          "Image too large: expected at most "
              + maxPixels
              + " pixels, was "
              + width
              + " x "
              + height
              + " = "
              + (long) width * height);
    }
    int shorter = Math.min(width, height);
    int longer = Math.max(width, height);
    if (shorter < minSide) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_SMALL,
          "Image too small: expected at least "
              + minSide
              + " pixels on the shorter side, was "
              + width
              + " x "
              + height);
    }
    if (longer > maxAspect * shorter) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_SMALL,
          "Image too narrow: expected a longer side of at most "
              + maxAspect
              + " times the shorter, was "
              + width
              + " x "
              + height);
    }
  }
}
