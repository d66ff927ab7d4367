package nst.image;

import static nst.image.TestImages.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ResamplerTest {

  @Test
  void keepsAnImageOfTheRightSize() {
    RgbImage image = TestImages.gradient(20, 10);
    assertThat(Resampler.resize(image, 20, 10)).isSameAs(image);
  }

  @Test
  void keepsAFlatImageFlatAtAnySize() {
    RgbImage image = TestImages.flat(37, 23, 0.25, 0.5, 0.75);
    for (int[] size : new int[][] {{1, 1}, {5, 90}, {100, 7}, {36, 24}}) {
      RgbImage resized = Resampler.resize(image, size[0], size[1]);
      assertThat(resized.width()).isEqualTo(size[0]);
      assertThat(resized.height()).isEqualTo(size[1]);
      assertThat(value(resized, 0, 0, 0)).isCloseTo(0.25f, within(1e-6f));
      assertThat(value(resized, 2, size[0] - 1, size[1] - 1)).isCloseTo(0.75f, within(1e-6f));
    }
  }

  @Test
  void averagesAwayStripesTooFineForTheSmallerImage() {
    RgbImage stripes =
        TestImages.image(
            256,
            64,
            (x, y) ->
                (int) (x * 256) % 2 == 0
                    ? rgb(0)
                    : rgb(1)); // the Nyquist frequency of the larger image
    RgbImage small = Resampler.resize(stripes, 64, 16);
    for (int x = 3; x < 61; x++) { // away from the borders, where the filter is truncated
      assertThat(value(small, 1, x, 8)).isCloseTo(0.5f, within(0.005f));
    }
  }

  @Test
  void shrinkingAndEnlargingKeepsASmoothImage() {
    RgbImage image = TestImages.gradient(120, 80);
    RgbImage back = Resampler.resize(Resampler.resize(image, 60, 40), 120, 80);
    for (int i = 0; i < image.planes().length; i++) {
      assertThat(back.planes()[i]).isCloseTo(image.planes()[i], within(0.02f));
    }
  }

  @Test
  void staysInRangeAtHardEdges() {
    RgbImage edge = TestImages.image(64, 64, (x, y) -> x < 0.5 ? rgb(0) : rgb(1));
    for (float sample : Resampler.resize(edge, 200, 200).planes()) {
      assertThat(sample).isBetween(0f, 1f);
    }
  }

  @Test
  void mirrorsWithItsInput() {
    RgbImage image = TestImages.noise(31, 17, 1);
    RgbImage mirrored =
        TestImages.image(
            31,
            17,
            (x, y) -> {
              int column = 30 - (int) (x * 31);
              int row = (int) (y * 17);
              return new double[] {
                value(image, 0, column, row),
                value(image, 1, column, row),
                value(image, 2, column, row)
              };
            });
    RgbImage small = Resampler.resize(image, 12, 9);
    RgbImage smallMirrored = Resampler.resize(mirrored, 12, 9);
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 12; x++) {
        assertThat(value(smallMirrored, 1, 11 - x, y))
            .isCloseTo(value(small, 1, x, y), within(1e-5f));
      }
    }
  }

  @Test
  void givesTheValuesOfTheFilterWorkedOutByHand() {
    // 4 -> 2 pixels: scale 2, support 6, so every source pixel counts, at distances 0.25, 0.75, ...
    float[] line = {0.1f, 0.4f, 0.2f, 0.9f};
    RgbImage image =
        new RgbImage(
            4, 1, new float[] {line[0], line[1], line[2], line[3], 0, 0, 0, 0, 1, 1, 1, 1});
    double[] distances = {-0.25, 0.25, 0.75, 1.25};
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < 4; i++) {
      double angle = Math.PI * distances[i];
      double weight = Math.sin(angle) / angle * Math.sin(angle / 3) / (angle / 3);
      sum += weight * line[i];
      weights += weight;
    }
    RgbImage half = Resampler.resize(image, 2, 1);
    assertThat(value(half, 0, 0, 0)).isCloseTo((float) (sum / weights), within(1e-6f));
    assertThat(value(half, 1, 0, 0)).isZero();
    assertThat(value(half, 2, 1, 0)).isCloseTo(1f, within(1e-6f));
  }

  @Test
  void agreesWithPillowsLanczos() {
    // Image.fromarray(a).resize(size, Image.LANCZOS) of Pillow 13.0 for the same formula.
    float[] smaller = {
      0.393987f, 0.445295f, 0.614565f, 0.460709f,
      0.466625f, 0.519018f, 0.648614f, 0.443552f,
      0.484600f, 0.366014f, 0.465359f, 0.461509f
    };
    float[] narrowerAndTaller = {
      0.169766f, 0.501238f, 0.656996f, 0.637907f, 0.411086f,
      0.222337f, 0.451054f, 0.439554f, 0.502147f, 0.411928f,
      0.397960f, 0.336278f, 0.268783f, 0.440514f, 0.402194f,
      0.608297f, 0.254961f, 0.521242f, 0.686417f, 0.380797f,
      0.592082f, 0.454756f, 0.743433f, 0.779842f, 0.476396f,
      0.442417f, 0.678395f, 0.768160f, 0.711845f, 0.518186f,
      0.430090f, 0.539421f, 0.736611f, 0.754548f, 0.304617f,
      0.432075f, 0.433306f, 0.556866f, 0.695674f, 0.301291f,
      0.410501f, 0.471821f, 0.358209f, 0.490516f, 0.508770f,
      0.439734f, 0.361303f, 0.277659f, 0.296429f, 0.457534f,
      0.511871f, 0.314223f, 0.605086f, 0.282110f, 0.390181f,
      0.585059f, 0.382869f, 0.968900f, 0.445452f, 0.472748f,
      0.606900f, 0.326458f, 0.443320f, 0.606332f, 0.509953f,
      0.598651f, 0.255263f, 0.000000f, 0.661432f, 0.507898f
    };
    float[] planes = new float[3 * 11 * 9];
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 11; x++) {
        planes[y * 11 + x] = ((7 * x * x + 13 * y * y + 5 * x * y + 11) % 101) / 100f;
      }
    }
    RgbImage image = new RgbImage(11, 9, planes);
    assertStartsWith(Resampler.resize(image, 4, 3), smaller);
    assertStartsWith(Resampler.resize(image, 5, 14), narrowerAndTaller);
  }

  private static void assertStartsWith(RgbImage image, float[] red) {
    for (int i = 0; i < red.length; i++) {
      assertThat(image.planes()[i]).isCloseTo(red[i], within(2e-6f));
    }
  }

  @Test
  void narrowsRowsTogetherAsEachAlone() {
    RgbImage image = TestImages.noise(41, 11, 8); // two times four rows, and three
    RgbImage narrowed = Resampler.resize(image, 13, 11);
    for (int y = 0; y < 11; y++) {
      float[] row = new float[3 * 41];
      for (int channel = 0; channel < 3; channel++) {
        System.arraycopy(image.planes(), (channel * 11 + y) * 41, row, channel * 41, 41);
      }
      RgbImage alone = Resampler.resize(new RgbImage(41, 1, row), 13, 1);
      for (int x = 0; x < 13; x++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(value(narrowed, channel, x, y)).isEqualTo(value(alone, channel, x, 0));
        }
      }
    }
  }

  @Test
  void cutsTheMiddle() {
    RgbImage image = TestImages.noise(10, 8, 2);
    RgbImage cut = Resampler.centerCrop(image, 4, 6);
    assertThat(cut.width()).isEqualTo(4);
    assertThat(cut.height()).isEqualTo(6);
    assertThat(value(cut, 0, 0, 0)).isEqualTo(value(image, 0, 3, 1));
    assertThat(value(cut, 2, 3, 5)).isEqualTo(value(image, 2, 6, 6));
  }

  @Test
  void enlargesATooSmallImageBeforeCuttingInsteadOfPaddingIt() {
    RgbImage cut = Resampler.centerCrop(TestImages.flat(10, 40, 0.9, 0.8, 0.7), 100, 30);
    assertThat(cut.width()).isEqualTo(100);
    assertThat(cut.height()).isEqualTo(30);
    for (float sample : cut.planes()) {
      assertThat(sample).isGreaterThan(0.69f);
    }
  }

  @Test
  void padsWithBlackWhatTheImageLacks() {
    RgbImage image = TestImages.flat(3, 8, 0.9, 0.8, 0.7);
    RgbImage padded = Resampler.centerPad(image, 6, 5);
    assertThat(padded.width()).isEqualTo(6);
    assertThat(padded.height()).isEqualTo(5);
    assertThat(value(padded, 0, 0, 2)).isZero(); // one column before, two after, as in torchvision
    assertThat(value(padded, 0, 1, 2)).isEqualTo(0.9f);
    assertThat(value(padded, 2, 3, 4)).isEqualTo(0.7f);
    assertThat(value(padded, 0, 4, 0)).isZero();
    RgbImage noise = TestImages.noise(3, 8, 5);
    assertThat(value(Resampler.centerPad(noise, 3, 5), 1, 0, 0))
        .as("the third row of eight: 1.5 rounds to the even 2")
        .isEqualTo(value(noise, 1, 0, 2));
  }

  @Test
  void refusesASizeWithoutPixels() {
    RgbImage image = TestImages.gradient(4, 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Resampler.resize(image, 0, 4))
        .withMessage("Invalid size: expected at least 1 x 1 pixels, was 0 x 4");
    assertThatIllegalArgumentException().isThrownBy(() -> Resampler.centerCrop(image, 4, -1));
  }

  private static double[] rgb(double grey) {
    return new double[] {grey, grey, grey};
  }
}
