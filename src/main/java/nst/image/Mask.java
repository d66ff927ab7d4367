package nst.image;

/**
 * A mask: a plane (height, width) of shares in [0, 1], row by row from the top.
 *
 * <p>It owns its array, like {@link RgbImage}.
 */
public final class Mask {
  private final int width;
  private final int height;
  private final float[] values; // (height, width)

  private Mask(int width, int height, float[] values) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  /** Converts an image: white is 1, black is 0. For a coloured image, the luma counts (BT.601). */
  public static Mask of(RgbImage image) {
    int area = image.width() * image.height();
    float[] planes = image.planes();
    float[] values = new float[area];
    for (int i = 0; i < area; i++) {
      double luma = 0.299 * planes[i] + 0.587 * planes[area + i] + 0.114 * planes[2 * area + i];
      values[i] = (float) Math.min(1, Math.max(0, luma));
    }
    return new Mask(image.width(), image.height(), values);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The shares, (height, width). Do not modify them. */
  public float[] values() {
    return values;
  }

  /** Resizes the mask with the filter of {@link Resampler}. */
  public Mask resized(int targetWidth, int targetHeight) {
    if (targetWidth == width && targetHeight == height) {
      return this;
    }
    if (targetWidth < 1 || targetHeight < 1) {
      throw new IllegalArgumentException(
          "Invalid size: expected at least 1 x 1, was " + targetWidth + " x " + targetHeight);
    }
    float[] resized = new float[Math.multiplyExact(targetWidth, targetHeight)];
    Resampler.resizePlane(values, 0, width, height, resized, 0, targetWidth, targetHeight);
    return new Mask(targetWidth, targetHeight, resized);
  }

  /**
   * Softens the edges with a Gaussian filter. A hard edge then rises from 0.02 to 0.98 over the
   * given number of pixels, half of them on each side. Outside the image, the values at the border
   * are repeated.
   *
   * @param pixels the width of the edge; 0 does not change the mask
   */
  public Mask feathered(double pixels) {
    if (!(pixels >= 0)) {
      throw new IllegalArgumentException(
          "Invalid feather: expected zero or more pixels, was " + pixels);
    }
    if (pixels == 0) {
      return this;
    }
    double[] kernel = gaussian(pixels / 4); // two deviations on each side
    float[] across = new float[values.length];
    float[] softened = new float[values.length];
    int radius = kernel.length / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int tap = -radius; tap <= radius; tap++) {
          sum += kernel[tap + radius] * values[y * width + within(x + tap, width)];
        }
        across[y * width + x] = (float) sum;
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int tap = -radius; tap <= radius; tap++) {
          sum += kernel[tap + radius] * across[within(y + tap, height) * width + x];
        }
        softened[y * width + x] = (float) Math.min(1, sum);
      }
    }
    return new Mask(width, height, softened);
  }

  private static int within(int position, int length) {
    return Math.min(length - 1, Math.max(0, position));
  }

  private static double[] gaussian(double deviation) {
    int radius = (int) Math.ceil(3 * deviation);
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      double distance = (i - radius) / deviation;
      kernel[i] = StrictMath.exp(-0.5 * distance * distance);
      sum += kernel[i];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    return kernel;
  }
}
