package nst.image;

/**
 * Converts pixels in [0, 1] to 256 levels, for images that are saved and images that are scored:
 * clamp, multiply by 255, round half up. Without clamping, 1.05 would wrap around to almost black.
 */
public final class Rounding {
  private Rounding() {}

  /**
   * The level of a value.
   *
   * @return 0 to 255
   * @throws IllegalArgumentException if the value is not a number
   */
  public static int toLevel(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("Invalid pixel: expected a value in [0, 1], was NaN");
    }
    return (int) Math.floor(Math.min(1f, Math.max(0f, value)) * 255.0 + 0.5);
  }

  /** The image as in an 8-bit file: every value is a multiple of 1/255. */
  public static RgbImage toEightBit(RgbImage image) {
    float[] planes = image.planes();
    float[] rounded = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      rounded[i] = toLevel(planes[i]) / 255f;
    }
    return new RgbImage(image.width(), image.height(), rounded);
  }
}
