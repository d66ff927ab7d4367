package nst.image;

/**
 * How a pixel in [0, 1] becomes one of 256 levels, in every image that is written and every image
 * that is scored: clamped, times 255, rounded half up. An unclamped 1.05 would wrap around to
 * nearly black.
 */
public final class Rounding {
  private Rounding() {}

  /**
   * The level of one value.
   *
   * @return 0 to 255
   * @throws IllegalArgumentException if the value is not a number: there is no honest pixel for it
   */
  public static int toLevel(float value) {
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("Invalid pixel: expected a value in [0, 1], was NaN");
    }
    return (int) Math.floor(Math.min(1f, Math.max(0f, value)) * 255.0 + 0.5);
  }

  /** The image as an 8-bit file shows it: every value a 255th. */
  public static RgbImage toEightBit(RgbImage image) {
    float[] planes = image.planes();
    float[] rounded = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      rounded[i] = toLevel(planes[i]) / 255f;
    }
    return new RgbImage(image.width(), image.height(), rounded);
  }
}
