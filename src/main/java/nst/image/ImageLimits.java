package nst.image;

import java.io.Serializable;
import nst.model.ErrorCode;
import nst.model.TransferException;

/**
 * What an image may measure. Checked against the header before a pixel is decoded: a file of one
 * kilobyte can claim gigapixels.
 *
 * @param maxBytes of the file as stored
 * @param maxPixels width times height
 * @param minSide pixels of the shorter side
 * @param maxAspect the longer side over the shorter
 */
public record ImageLimits(long maxBytes, long maxPixels, int minSide, double maxAspect)
    implements Serializable {

  /** 128 MiB: photos of 100 megapixels in JPEG, and 16-bit TIFFs of a camera's size. */
  public static final long DEFAULT_MAX_BYTES = 128L << 20;

  /** 64 megapixels: 768 MB once decoded to three planes of floats, and more than phones give. */
  public static final long DEFAULT_MAX_PIXELS = 64_000_000;

  /** VGG19 halves its maps four times before relu5_1: below 32 pixels it sees one position. */
  public static final int DEFAULT_MIN_SIDE = 32;

  /** A strip 20 times as long as wide has a shorter side of 25 pixels at 512. */
  public static final double DEFAULT_MAX_ASPECT = 20;

  public static final ImageLimits DEFAULT =
      new ImageLimits(DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS, DEFAULT_MIN_SIDE, DEFAULT_MAX_ASPECT);

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
   * Refuses a file by its length.
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
   * Refuses an image by its size.
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
