package nst.image;

import static nst.image.TestImages.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OriginalColorsTest {
  private static final int SIZE = 24;
  private final RgbImage content = TestImages.gradient(SIZE, SIZE);
  private final RgbImage stylized = TestImages.noise(SIZE, SIZE, 3);

  @Test
  void anImageKeepsItsOwnColors() {
    assertClose(OriginalColors.luminanceYcbcr(content, content), content, 1e-6f);
    assertClose(OriginalColors.luminanceOklab(content, content), content, 1e-4f);
  }

  @Test
  void ycbcrKeepsTheLumaOfTheStylizedImageEverywhere() {
    RgbImage merged = OriginalColors.luminanceYcbcr(stylized, content);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        assertThat(luma(merged, x, y)).isCloseTo(luma(stylized, x, y), within(1e-5));
      }
    }
  }

  @Test
  void oklabKeepsTheLightnessOfTheStylizedImageEverywhere() {
    RgbImage merged = OriginalColors.luminanceOklab(stylized, content);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        assertThat(oklab(merged, x, y).lightness())
            .isCloseTo(oklab(stylized, x, y).lightness(), within(1e-3));
      }
    }
  }

  @Test
  void oklabKeepsTheHueOfTheContent() {
    RgbImage merged = OriginalColors.luminanceOklab(stylized, content);
    for (int y = 0; y < SIZE; y++) {
      for (int x = 0; x < SIZE; x++) {
        Oklab result = oklab(merged, x, y);
        Oklab original = oklab(content, x, y);
        double cross = result.a() * original.b() - result.b() * original.a();
        assertThat(cross).as("parallel chroma at %s, %s", x, y).isCloseTo(0, within(2e-4));
      }
    }
  }

  @Test
  void aGreyPhotoStaysGrey() {
    RgbImage grey = TestImages.image(SIZE, SIZE, (x, y) -> new double[] {x, x, x});
    for (RgbImage merged :
        new RgbImage[] {
          OriginalColors.luminanceYcbcr(stylized, grey),
          OriginalColors.luminanceOklab(stylized, grey)
        }) {
      for (int x = 0; x < SIZE; x++) {
        assertThat(value(merged, 0, x, 5)).isCloseTo(value(merged, 1, x, 5), within(1e-4f));
        assertThat(value(merged, 2, x, 5)).isCloseTo(value(merged, 1, x, 5), within(1e-4f));
      }
    }
  }

  @Test
  void takesAPhotoOfAnotherSize() {
    RgbImage merged =
        OriginalColors.luminanceYcbcr(stylized, TestImages.flat(100, 50, 0.5, 0.5, 0.5));
    assertThat(merged.width()).isEqualTo(SIZE);
    assertThat(merged.height()).isEqualTo(SIZE);
  }

  @Test
  void oklabOfKnownColorsAgreesWithThePublishedOnes() {
    // Ottosson's table in linear light: white is (1, 0, 0); red from the CSS Color 4 examples.
    Oklab white = Oklab.ofSrgb(1, 1, 1);
    assertThat(white.lightness()).isCloseTo(1, within(1e-4));
    assertThat(white.a()).isCloseTo(0, within(1e-4));
    Oklab red = Oklab.ofSrgb(1, 0, 0);
    assertThat(red.lightness()).isCloseTo(0.62796, within(1e-4));
    assertThat(red.a()).isCloseTo(0.22486, within(1e-4));
    assertThat(red.b()).isCloseTo(0.12585, within(1e-4));
  }

  private static double luma(RgbImage image, int x, int y) {
    return 0.299 * value(image, 0, x, y)
        + 0.587 * value(image, 1, x, y)
        + 0.114 * value(image, 2, x, y);
  }

  private static Oklab oklab(RgbImage image, int x, int y) {
    return Oklab.ofSrgb(value(image, 0, x, y), value(image, 1, x, y), value(image, 2, x, y));
  }

  private static void assertClose(RgbImage actual, RgbImage expected, float tolerance) {
    for (int i = 0; i < expected.planes().length; i++) {
      assertThat(actual.planes()[i]).isCloseTo(expected.planes()[i], within(tolerance));
    }
  }
}
