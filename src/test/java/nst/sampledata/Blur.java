package nst.sampledata;

/** Running means: three of them are all but a Gaussian. */
final class Blur {
  private Blur() {}

  /** The plane (height, width) averaged over squares of 2 radius + 1, several times. */
  static double[] box(double[] plane, int width, int height, int radius, int times) {
    double[] blurred = plane;
    for (int i = 0; i < times; i++) {
      blurred = lines(blurred, width, height, 1, width, radius);
      blurred = lines(blurred, height, width, width, 1, radius);
    }
    return blurred;
  }

  private static double[] lines(
      double[] plane, int length, int lines, int step, int stride, int radius) {
    double[] blurred = new double[plane.length];
    for (int line = 0; line < lines; line++) {
      double sum = 0;
      for (int i = -radius; i <= radius; i++) {
        sum += plane[line * stride + clamp(i, length) * step];
      }
      for (int i = 0; i < length; i++) {
        blurred[line * stride + i * step] = sum / (2 * radius + 1);
        sum += plane[line * stride + clamp(i + radius + 1, length) * step];
        sum -= plane[line * stride + clamp(i - radius, length) * step];
      }
    }
    return blurred;
  }

  private static int clamp(int i, int length) {
    return Math.min(length - 1, Math.max(0, i));
  }
}
