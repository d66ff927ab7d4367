package nst.image;

/**
 * Enlarges a stylised picture to the size of its photo, and adds the fine detail of the photo where
 * the picture follows it.
 *
 * <p>The picture is enlarged by {@link Resampler}. The detail is the photo's luma minus its reduced
 * and enlarged copy. It is added with a gain that says how far the picture follows the photo: the
 * slope of the regression of the picture's luma on the photo's in a small window, as in the guided
 * filter (He, Sun and Tang 2013, equation 5; computed on the small images, as in He and Sun 2015).
 * Where brush strokes replace the photo, the slope is near 0, so no photo shows through. The gain
 * is never negative, and at most 1.
 */
public final class DetailTransfer {
  /** The window's radius in pixels of the picture: about a brush stroke. */
  private static final int RADIUS = 4;

  /** Added to the variance of the photo's luma, so that noise in flat areas counts as flat. */
  private static final double EPSILON = 1e-3;

  private DetailTransfer() {}

  /**
   * The picture in the photo's size, or in that of the reduced photo.
   *
   * @param picture made from the photo
   * @param longest the longest side in pixels; a smaller photo keeps its size
   */
  public static RgbImage enlarge(RgbImage picture, RgbImage photo, int longest) {
    Size size = new Size(photo.width(), photo.height());
    if (size.longest() <= longest) {
      return enlarge(picture, photo);
    }
    Size target = size.times((double) longest / size.longest());
    return enlarge(picture, Resampler.resize(photo, target.width(), target.height()));
  }

  /**
   * The picture in the photo's size.
   *
   * @param picture made from the photo, at most as large
   * @return of the photo's size and with its alpha; the picture itself if it has that size
   */
  public static RgbImage enlarge(RgbImage picture, RgbImage photo) {
    int width = photo.width();
    int height = photo.height();
    if (picture.width() == width && picture.height() == height) {
      return picture;
    }
    int smallWidth = picture.width();
    int smallHeight = picture.height();
    float[] reduced = luma(Resampler.resize(photo, smallWidth, smallHeight));
    float[] gain = enlarged(gain(reduced, luma(picture), smallWidth, smallHeight), picture, photo);
    float[] detail = luma(photo);
    float[] smooth = enlarged(reduced, picture, photo);
    for (int i = 0; i < detail.length; i++) {
      detail[i] = gain[i] * (detail[i] - smooth[i]);
    }
    float[] planes = Resampler.resize(picture, width, height).planes();
    float[] result = new float[planes.length];
    for (int i = 0; i < planes.length; i++) {
      result[i] = Rounding.clamped(planes[i] + detail[i % detail.length]);
    }
    return new RgbImage(width, height, result).withAlpha(photo.alpha());
  }

  private static float[] enlarged(float[] plane, RgbImage from, RgbImage to) {
    float[] enlarged = new float[to.width() * to.height()];
    Resampler.resizePlane(
        plane, 0, from.width(), from.height(), enlarged, 0, to.width(), to.height());
    return enlarged;
  }

  /** The luma of sRGB pixels (Rec. 709), one plane. */
  private static float[] luma(RgbImage image) {
    float[] planes = image.planes();
    int area = planes.length / 3;
    float[] luma = new float[area];
    for (int i = 0; i < area; i++) {
      luma[i] = 0.2126f * planes[i] + 0.7152f * planes[area + i] + 0.0722f * planes[2 * area + i];
    }
    return luma;
  }

  /** The slope of the regression of {@code picture} on {@code photo} around each pixel. */
  private static float[] gain(float[] photo, float[] picture, int width, int height) {
    double[] meanPhoto = means(photo, photo, false, width, height);
    double[] meanPicture = means(picture, picture, false, width, height);
    double[] meanSquare = means(photo, photo, true, width, height);
    double[] meanProduct = means(photo, picture, true, width, height);
    float[] gain = new float[photo.length];
    for (int i = 0; i < gain.length; i++) {
      double variance = meanSquare[i] - meanPhoto[i] * meanPhoto[i];
      double covariance = meanProduct[i] - meanPhoto[i] * meanPicture[i];
      gain[i] = (float) Math.min(1, Math.max(0, covariance / (variance + EPSILON)));
    }
    return gain;
  }

  /** The mean around each pixel of a plane, or of the product of two planes, by a summed table. */
  private static double[] means(
      float[] one, float[] other, boolean product, int width, int height) {
    double[][] sums = new double[height + 1][width + 1];
    for (int y = 0; y < height; y++) {
      double row = 0;
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        row += product ? (double) one[i] * other[i] : one[i];
        sums[y + 1][x + 1] = sums[y][x + 1] + row;
      }
    }
    double[] means = new double[one.length];
    for (int y = 0; y < height; y++) {
      int top = Math.max(0, y - RADIUS);
      int bottom = Math.min(height, y + RADIUS + 1);
      for (int x = 0; x < width; x++) {
        int left = Math.max(0, x - RADIUS);
        int right = Math.min(width, x + RADIUS + 1);
        double sum = sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left];
        means[y * width + x] = sum / ((bottom - top) * (right - left));
      }
    }
    return means;
  }
}
