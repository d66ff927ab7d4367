package nst.image;

import java.util.Arrays;

/**
 * The colours of an image for {@link ColorTransfer}: mean and covariance of encoded sRGB values.
 */
public final class Palette {
  private final double[] mean; // (3)
  private final double[][] covariance; // (3, 3)

  private Palette(double[] mean, double[][] covariance) {
    this.mean = mean;
    this.covariance = covariance;
  }

  /**
   * The colours of an image.
   *
   * @param planes its encoded sRGB values, (3, height, width)
   */
  static Palette of(float[] planes) {
    double[] mean = mean(planes);
    return new Palette(mean, covariance(planes, mean));
  }

  /** The mean of red, green and blue, (3). Do not modify it. */
  double[] mean() {
    return mean;
  }

  /** The covariance of red, green and blue, (3, 3). Do not modify it. */
  double[][] covariance() {
    return covariance;
  }

  private static double[] mean(float[] planes) {
    int area = planes.length / 3;
    double[] mean = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int i = 0; i < area; i++) {
        sum += planes[channel * area + i];
      }
      mean[channel] = sum / area;
    }
    return mean;
  }

  private static double[][] covariance(float[] planes, double[] mean) {
    int area = planes.length / 3;
    double[][] covariance = new double[3][3];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column <= row; column++) {
        double sum = 0;
        for (int i = 0; i < area; i++) {
          sum += (planes[row * area + i] - mean[row]) * (planes[column * area + i] - mean[column]);
        }
        covariance[row][column] = sum / area;
        covariance[column][row] = sum / area;
      }
    }
    return covariance;
  }

  /** All numbers, exactly: equal only for palettes that recolour images in the same way. */
  @Override
  public String toString() {
    return Arrays.toString(mean) + Arrays.deepToString(covariance);
  }
}
