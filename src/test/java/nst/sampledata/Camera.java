package nst.sampledata;

import java.util.SplittableRandom;
import nst.image.RgbImage;

/**
 * Turns light into a photo: several samples a pixel, bloom around what is bright, a film's curve, a
 * darker rim and grain.
 *
 * @param width in pixels
 * @param height in pixels
 * @param samples along each side of a pixel
 * @param exposure factor on all light
 * @param bloom share of the light above white that spreads
 * @param grain deviation, of encoded values
 */
record Camera(int width, int height, int samples, double exposure, double bloom, double grain) {

  /** What there is to see. */
  interface Scene {
    /**
     * The light from one direction.
     *
     * @param x -aspect at the left to aspect at the right
     * @param y 1 at the top to -1 at the bottom
     */
    Light at(double x, double y);
  }

  RgbImage photograph(Scene scene, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] light = new double[3][width * height];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        Light sum = Light.BLACK;
        for (int i = 0; i < samples * samples; i++) {
          int sampleRow = i / samples;
          double x = column + (i % samples + random.nextDouble()) / samples;
          double y = row + (sampleRow + random.nextDouble()) / samples;
          sum = sum.plus(scene.at((2 * x - width) / height, 1 - 2 * y / height));
        }
        Light mean = sum.times(exposure / (samples * samples));
        light[0][row * width + column] = mean.red();
        light[1][row * width + column] = mean.green();
        light[2][row * width + column] = mean.blue();
      }
    }
    if (bloom > 0) {
      spread(light);
    }
    return developed(light, random);
  }

  private void spread(double[][] light) {
    for (double[] plane : light) {
      double[] bright = new double[plane.length];
      for (int i = 0; i < plane.length; i++) {
        bright[i] = Math.max(0, plane[i] - 0.7);
      }
      for (int radius : new int[] {2, 7, 20}) {
        double[] glow = Blur.box(bright, width, height, radius, 3);
        for (int i = 0; i < plane.length; i++) {
          plane[i] += bloom * glow[i];
        }
      }
    }
  }

  private RgbImage developed(double[][] light, SplittableRandom random) {
    float[] planes = new float[3 * width * height];
    double[] noise = new double[width * height];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
    }
    double[] soft = Blur.box(noise, width, height, 1, 1);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int i = row * width + column;
        double dx = (2.0 * column - width) / width;
        double dy = (2.0 * row - height) / height;
        double rim = 1 - 0.16 * (dx * dx + dy * dy);
        double speck = grain * (noise[i] + 2 * soft[i]);
        for (int channel = 0; channel < 3; channel++) {
          double value = encoded(film(light[channel][i] * rim)) + speck;
          planes[channel * width * height + i] = (float) Curves.clamp(value);
        }
      }
    }
    return new RgbImage(width, height, planes);
  }

  /** The filmic curve of ACES in Narkowicz' fit (2015). */
  private static double film(double x) {
    return Curves.clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14));
  }

  static double encoded(double linear) {
    return linear <= 0.0031308
        ? 12.92 * Math.max(0, linear)
        : 1.055 * StrictMath.pow(linear, 1 / 2.4) - 0.055;
  }
}
