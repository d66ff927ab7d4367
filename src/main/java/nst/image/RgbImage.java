package nst.image;

/**
 * Planar sRGB pixels, nominally in [0, 1]: all red, then all green, then all blue, each row by row
 * from the top.
 *
 * <p>Owns its array: whoever hands one in, or takes one out, shares it and must not write to it
 * afterwards. A catalogue's worth of images makes every defensive copy felt.
 */
public final class RgbImage {
  private final int width;
  private final int height;
  private final float[] planes; // (3, height, width)

  /**
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @param planes 3 * height * width values
   */
  public RgbImage(int width, int height, float[] planes) {
    if (width < 1 || height < 1 || planes.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "expected 3 x " + height + " x " + width + " values, were " + planes.length);
    }
    this.width = width;
    this.height = height;
    this.planes = planes;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The pixels themselves, (3, height, width); not to be written to. */
  public float[] planes() {
    return planes;
  }
}
