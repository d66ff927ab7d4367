package nst.image;

import java.util.Arrays;

/**
 * Resizes images with a separable Lanczos filter of three lobes. When an image is reduced, the
 * filter is widened by the scale, so that fine detail is averaged and does not cause aliasing.
 *
 * <p>It works on encoded sRGB values and not on linear light, because networks are trained on
 * photos that were resized in this way, published recipes do the same, and the ringing of the
 * filter next to dark edges is more visible in linear light. Sums are computed in a fixed order in
 * double precision, so the result has the same bytes on every machine. Overshoot is clamped to [0,
 * 1].
 */
public final class Resampler {
  private static final double LOBES = 3;

  private Resampler() {}

  /**
   * Resizes the whole image.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   * @return the image with this size, which may have another aspect ratio; the same object if the
   *     size does not change
   */
  public static RgbImage resize(RgbImage image, int width, int height) {
    requireSize(width, height);
    if (width == image.width() && height == image.height()) {
      return image;
    }
    int area = Math.multiplyExact(width, height);
    float[] resized = new float[Math.multiplyExact(3, area)]; // (3, height, width)
    for (int channel = 0; channel < 3; channel++) {
      resizePlane(
          image.planes(),
          channel * image.width() * image.height(),
          image.width(),
          image.height(),
          resized,
          channel * area,
          width,
          height);
    }
    return new RgbImage(width, height, resized)
        .withAlpha(image.alpha().map(alpha -> resizedPlane(alpha, image, width, height)));
  }

  private static float[] resizedPlane(float[] plane, RgbImage of, int width, int height) {
    float[] resized = new float[width * height];
    resizePlane(plane, 0, of.width(), of.height(), resized, 0, width, height);
    return resized;
  }

  /**
   * Crops the centre of the image to the given size. If the image is too small, it is first
   * enlarged as much as needed, with the same aspect ratio. It is never padded, because a black
   * border would be treated as part of the image.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   */
  public static RgbImage centerCrop(RgbImage image, int width, int height) {
    requireSize(width, height);
    double scale =
        Math.max(1, Math.max(width / (double) image.width(), height / (double) image.height()));
    RgbImage large =
        resize(
            image,
            Math.max(width, (int) Math.round(image.width() * scale)),
            Math.max(height, (int) Math.round(image.height() * scale)));
    if (large.width() == width && large.height() == height) {
      return large;
    }
    int left = (large.width() - width) / 2;
    int top = (large.height() - height) / 2;
    float[] cropped = new float[3 * width * height];
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < height; y++) {
        System.arraycopy(
            large.planes(),
            (channel * large.height() + top + y) * large.width() + left,
            cropped,
            (channel * height + y) * width,
            width);
      }
    }
    return new RgbImage(width, height, cropped);
  }

  /**
   * Crops the centre of the image to the given size without resizing. If the image is too small,
   * the border is black, as with torchvision's CenterCrop. Only for recipes that do this; otherwise
   * use {@link #centerCrop}.
   *
   * @param width in pixels, at least 1
   * @param height in pixels, at least 1
   */
  public static RgbImage centerPad(RgbImage image, int width, int height) {
    requireSize(width, height);
    int left = leading(width, image.width());
    int top = leading(height, image.height());
    float[] padded = new float[3 * width * height];
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int column = x - left;
          int row = y - top;
          if (column >= 0 && column < image.width() && row >= 0 && row < image.height()) {
            padded[(channel * height + y) * width + x] =
                image.planes()[(channel * image.height() + row) * image.width() + column];
          }
        }
      }
    }
    return new RgbImage(width, height, padded);
  }

  /**
   * The number of positions before the image; if it is cropped, minus the number that is cut.
   * Rounded as in torchvision.
   */
  private static int leading(int length, int imageLength) {
    return length > imageLength
        ? (length - imageLength) / 2
        : -(int) Math.rint((imageLength - length) / 2.0);
  }

  /** Resizes one plane from {@code source} to {@code target}, each at its offset. */
  static void resizePlane(
      float[] source,
      int sourceOffset,
      int sourceWidth,
      int sourceHeight,
      float[] target,
      int targetOffset,
      int width,
      int height) {
    Filter across = Filter.between(sourceWidth, width);
    Filter down = Filter.between(sourceHeight, height);
    float[] narrowed = new float[Math.multiplyExact(sourceHeight, width)]; // (sourceHeight, width)
    int together = sourceHeight - sourceHeight % 4;
    for (int y = 0; y < together; y += 4) {
      narrowFour(source, sourceOffset + y * sourceWidth, sourceWidth, across, narrowed, y * width);
    }
    for (int y = together; y < sourceHeight; y++) {
      narrowOne(source, sourceOffset + y * sourceWidth, across, narrowed, y * width);
    }
    double[] sums = new double[width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      double[] weights = down.weights[y];
      for (int tap = 0; tap < weights.length; tap++) {
        double weight = weights[tap];
        int row = (down.firsts[y] + tap) * width;
        for (int x = 0; x < width; x++) {
          sums[x] += weight * narrowed[row + x];
        }
      }
      for (int x = 0; x < width; x++) {
        target[targetOffset + y * width + x] = Rounding.clamped((float) sums[x]);
      }
    }
  }

  private static void narrowOne(
      float[] source, int row, Filter across, float[] target, int targetRow) {
    for (int x = 0; x < across.firsts.length; x++) {
      double[] weights = across.weights[x];
      int first = row + across.firsts[x];
      double sum = 0;
      for (int tap = 0; tap < weights.length; tap++) {
        sum += weights[tap] * source[first + tap];
      }
      target[targetRow + x] = (float) sum;
    }
  }

  /**
   * The same for four rows. An addition has to wait for the one before in its sum, so four sums
   * take hardly longer than one.
   */
  private static void narrowFour(
      float[] source, int row, int sourceWidth, Filter across, float[] target, int targetRow) {
    int width = across.firsts.length;
    for (int x = 0; x < width; x++) {
      double[] weights = across.weights[x];
      int first = row + across.firsts[x];
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      for (int tap = 0; tap < weights.length; tap++) {
        double weight = weights[tap];
        int at = first + tap;
        sum0 += weight * source[at];
        sum1 += weight * source[at + sourceWidth];
        sum2 += weight * source[at + 2 * sourceWidth];
        sum3 += weight * source[at + 3 * sourceWidth];
      }
      target[targetRow + x] = (float) sum0;
      target[targetRow + width + x] = (float) sum1;
      target[targetRow + 2 * width + x] = (float) sum2;
      target[targetRow + 3 * width + x] = (float) sum3;
    }
  }

  private static void requireSize(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "Invalid size: expected at least 1 x 1 pixels, was " + width + " x " + height);
    }
  }

  /** For each target position, the first source position and the weights. */
  private static final class Filter {
    private final int[] firsts;
    private final double[][] weights;

    private Filter(int[] firsts, double[][] weights) {
      this.firsts = firsts;
      this.weights = weights;
    }

    static Filter between(int sourceLength, int length) {
      double scale = sourceLength / (double) length;
      double stretch = Math.max(1, scale);
      double support = LOBES * stretch;
      int[] firsts = new int[length];
      double[][] weights = new double[length][];
      for (int i = 0; i < length; i++) {
        double center =
            (i + 0.5) * scale; // the edges of pixel areas are aligned, not their centres
        int first = Math.max(0, (int) Math.ceil(center - support - 0.5));
        int last = Math.min(sourceLength - 1, (int) Math.floor(center + support - 0.5));
        double[] taps = new double[last - first + 1];
        double sum = 0;
        for (int tap = 0; tap < taps.length; tap++) {
          taps[tap] = lanczos((first + tap + 0.5 - center) / stretch);
          sum += taps[tap];
        }
        for (int tap = 0; tap < taps.length; tap++) {
          taps[tap] /= sum; // beyond the edge there are no pixels, so the weights are normalised
        }
        firsts[i] = first;
        weights[i] = taps;
      }
      return new Filter(firsts, weights);
    }

    /** The filter: sinc(x) sinc(x / 3) within three lobes (Duchon 1979). */
    private static double lanczos(double x) {
      if (x == 0) {
        return 1;
      }
      if (Math.abs(x) >= LOBES) {
        return 0;
      }
      double angle = Math.PI * x;
      return LOBES * StrictMath.sin(angle) * StrictMath.sin(angle / LOBES) / (angle * angle);
    }
  }
}
