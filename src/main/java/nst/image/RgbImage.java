package nst.image;

/**
 * Planar sRGB pixels, nominally in [0, 1]: all red, then all green, then all blue, each row by row
 * from the top.
 *
 * <p>It owns its array and makes no copies, for speed. Callers that pass an array or get it must
 * not modify it afterwards.
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

  /** The pixels, (3, height, width). Do not modify them. */
  public float[] planes() {
    return planes;
  }
}
