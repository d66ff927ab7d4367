package nst.image;

import java.util.Optional;

/**
 * Converts pixels in [0, 1] to the levels of a file with 8 or 16 bits, for images that are saved
 * and images that are scored: clamp, multiply by the largest level, round half up. Without
 * clamping, 1.05 would wrap around to almost black.
 */
public final class Rounding {
  private Rounding() {}

  /**
   * The level of a value with 8 bits.
   *
   * @return 0 to 255
   * @throws IllegalArgumentException if the value is not a number
   */
  public static int toLevel(float value) {
    return toLevel(value, 8);
  }

  /**
   * The level of a value.
   *
   * @param bits 8 or 16
   * @return 0 to 255 or 65535
   * @throws IllegalArgumentException if the value is not a number
   */
  public static int toLevel(float value, int bits) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("Invalid pixel: expected a value in [0, 1], was NaN");
    }
    // The conversion to int rounds down, since the value is not negative.
    return (int) (clamped(value) * (double) largest(bits) + 0.5);
  }

  /**
   * The nearest value in [0, 1]. It equals {@code Math.min(1, Math.max(0, value))}, NaN included,
   * and is several times as fast in a JVM without the optimising compiler, as {@code submit.sh}
   * starts it.
   */
  public static float clamped(float value) {
    return value <= 0 ? 0 : value >= 1 ? 1 : value;
  }

  private static int largest(int bits) {
    return (1 << bits) - 1;
  }

  /** The image as in a file with 8 bits: every value is a multiple of 1/255. */
  public static RgbImage toEightBit(RgbImage image) {
    return toBits(image, 8);
  }

  /**
   * The colours of the image as in a file.
   *
   * @param bits 8 or 16
   */
  public static RgbImage toBits(RgbImage image, int bits) {
    float[] planes = image.planes();
    float[] rounded = new float[planes.length];
    float largest = largest(bits);
    for (int i = 0; i < planes.length; i++) {
      rounded[i] = toLevel(planes[i], bits) / largest;
    }
    return new RgbImage(image.width(), image.height(), rounded);
  }

  /** The alpha of an image, unless every pixel is opaque once it is rounded. */
  public static Optional<float[]> alpha(RgbImage image, int bits) {
    return image.alpha().filter(plane -> hasLevelBelow(plane, bits));
  }

  private static boolean hasLevelBelow(float[] plane, int bits) {
    for (float value : plane) {
      if (toLevel(value, bits) < largest(bits)) {
        return true;
      }
    }
    return false;
  }
}
