package nst.image;

/**
 * Gives an image the colours of another by the linear Monge-Kantorovich map (Pitie and Kokaram
 * 2007, "The linear Monge-Kantorovitch linear colour mapping for example-based colour transfer"):
 * of all affine maps from one mean and covariance to the other, this one changes colours least.
 *
 * <pre>T = A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2,   x -> T (x - mean of image) + mean of palette</pre>
 *
 * where A and B are the covariances (3, 3) of the encoded sRGB values of image and palette.
 */
public final class ColorTransfer {
  /**
   * Deviations below one grey level are rounding noise. They are not amplified to the deviation of
   * the palette, because this would turn the JPEG noise of a grey photo into coloured dots.
   */
  private static final double SMALLEST_VARIANCE = 1 / (255.0 * 255.0);

  private ColorTransfer() {}

  /**
   * Transforms the colours of an image to the mean and covariance of a palette.
   *
   * @param image the image to recolour
   * @param palette the wanted mean and covariance
   * @return the mapped image, clamped to [0, 1]. Because of clamping, its mean and covariance may
   *     differ slightly from the palette's
   */
  public static RgbImage recolored(RgbImage image, Palette palette) {
    Palette own = image.palette();
    double[] from = own.mean();
    double[] to = palette.mean();
    double[][] map = map(own.covariance(), palette.covariance());
    float[] planes = image.planes();
    int area = image.width() * image.height();
    float[] recolored = new float[planes.length];
    for (int i = 0; i < area; i++) {
      double red = planes[i] - from[0];
      double green = planes[area + i] - from[1];
      double blue = planes[2 * area + i] - from[2];
      for (int channel = 0; channel < 3; channel++) {
        double[] row = map[channel];
        double value = row[0] * red + row[1] * green + row[2] * blue + to[channel];
        recolored[channel * area + i] = Rounding.clamped((float) value);
      }
    }
    return new RgbImage(image.width(), image.height(), recolored);
  }

  private static double[][] map(double[][] a, double[][] b) {
    SymmetricMatrix covariance = SymmetricMatrix.of(a).withEigenvaluesAtLeast(SMALLEST_VARIANCE);
    double[][] root = covariance.power(0.5);
    double[][] inverseRoot = covariance.power(-0.5);
    double[][] middle =
        SymmetricMatrix.of(SymmetricMatrix.product(root, SymmetricMatrix.product(b, root)))
            .withEigenvaluesAtLeast(0)
            .power(0.5);
    return SymmetricMatrix.product(inverseRoot, SymmetricMatrix.product(middle, inverseRoot));
  }
}
