package nst.image;

import static nst.image.TestImages.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ColorTransferTest {

  @Test
  void givesTheImageThePalettesMeanAndCovariance() {
    // Both are well inside [0, 1], so nothing is clamped.
    RgbImage image =
        TestImages.image(
            64,
            64,
            (x, y) -> new double[] {0.4 + 0.1 * x, 0.5 - 0.05 * y, 0.5 + 0.1 * x * y - 0.03 * y});
    RgbImage palette =
        TestImages.image(
            50,
            70,
            (x, y) ->
                new double[] {0.3 + 0.1 * y, 0.6 + 0.12 * x * x, 0.4 + 0.05 * Math.sin(9 * x)});
    RgbImage recolored = ColorTransfer.recolored(image, palette.palette());
    for (int row = 0; row < 3; row++) {
      assertThat(mean(recolored, row)).isCloseTo(mean(palette, row), within(1e-5));
      for (int column = 0; column < 3; column++) {
        assertThat(covariance(recolored, row, column))
            .isCloseTo(covariance(palette, row, column), within(1e-6));
      }
    }
  }

  @Test
  void leavesAnImageThatIsItsOwnPalette() {
    RgbImage image = TestImages.gradient(40, 30);
    RgbImage recolored = ColorTransfer.recolored(image, image.palette());
    for (int i = 0; i < image.planes().length; i++) {
      assertThat(recolored.planes()[i]).isCloseTo(image.planes()[i], within(1e-5f));
    }
  }

  @Test
  void aFlatImageBecomesTheMeanOfThePalette() {
    RgbImage palette = TestImages.gradient(40, 30);
    RgbImage recolored =
        ColorTransfer.recolored(TestImages.flat(8, 8, 0.2, 0.2, 0.2), palette.palette());
    for (int channel = 0; channel < 3; channel++) {
      assertThat(value(recolored, channel, 3, 3))
          .isCloseTo((float) mean(palette, channel), within(1e-5f));
    }
  }

  @Test
  void doesNotAmplifyTheNoiseOfAGreyPhotoToThePalettesDeviation() {
    RgbImage noise = TestImages.noise(64, 64, 4);
    RgbImage nearlyGrey =
        TestImages.image(
            64,
            64,
            (x, y) -> {
              int column = (int) (x * 64);
              int row = (int) (y * 64);
              double[] rgb = new double[3];
              for (int channel = 0; channel < 3; channel++) {
                rgb[channel] = 0.2 + 0.6 * x + (value(noise, channel, column, row) - 0.5) / 255;
              }
              return rgb;
            });
    RgbImage recolored = ColorTransfer.recolored(nearlyGrey, TestImages.noise(64, 64, 5).palette());
    double difference = 0;
    for (int x = 1; x < 64; x++) {
      difference =
          Math.max(difference, Math.abs(value(recolored, 0, x, 9) - value(recolored, 0, x - 1, 9)));
    }
    assertThat(difference).isLessThan(0.35);
  }

  @Test
  void staysInRange() {
    RgbImage recolored =
        ColorTransfer.recolored(
            TestImages.noise(32, 32, 6), TestImages.flat(4, 4, 1, 0, 1).palette());
    for (float sample : recolored.planes()) {
      assertThat(sample).isBetween(0f, 1f);
    }
  }

  private static double mean(RgbImage image, int channel) {
    int area = image.width() * image.height();
    double sum = 0;
    for (int i = 0; i < area; i++) {
      sum += image.planes()[channel * area + i];
    }
    return sum / area;
  }

  private static double covariance(RgbImage image, int row, int column) {
    int area = image.width() * image.height();
    double sum = 0;
    for (int i = 0; i < area; i++) {
      sum +=
          (image.planes()[row * area + i] - mean(image, row))
              * (image.planes()[column * area + i] - mean(image, column));
    }
    return sum / area;
  }
}
