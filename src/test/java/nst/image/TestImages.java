package nst.image;

import java.util.SplittableRandom;

/** Creates images for tests. */
public final class TestImages {
  private TestImages() {}

  public interface PixelFormula {
    /** The encoded (red, green, blue) at a point of the unit square. */
    double[] at(double x, double y);
  }

  public static RgbImage image(int width, int height, PixelFormula formula) {
    float[] planes = new float[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double[] rgb = formula.at((x + 0.5) / width, (y + 0.5) / height);
        for (int channel = 0; channel < 3; channel++) {
          planes[(channel * height + y) * width + x] = (float) rgb[channel];
        }
      }
    }
    return new RgbImage(width, height, planes);
  }

  public static RgbImage flat(int width, int height, double red, double green, double blue) {
    return image(width, height, (x, y) -> new double[] {red, green, blue});
  }

  /** Smooth and coloured, with a different value at every position. */
  static RgbImage gradient(int width, int height) {
    return image(
        width, height, (x, y) -> new double[] {0.1 + 0.8 * x, 0.2 + 0.6 * y, 0.9 - 0.7 * x * y});
  }

  public static RgbImage noise(int width, int height, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return image(
        width,
        height,
        (x, y) -> new double[] {random.nextDouble(), random.nextDouble(), random.nextDouble()});
  }

  public static float value(RgbImage image, int channel, int x, int y) {
    return image.planes()[(channel * image.height() + y) * image.width() + x];
  }
}
