package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import nst.image.Resampler;
import nst.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailTest {
  private static final float GREY_LEVEL = 1 / 255f;

  @ParameterizedTest
  @CsvSource({"1600,1200", "1001,613", "333,2000", "640,480", "90,60"})
  void looksLikeTheResampledImage(int width, int height) {
    RgbImage image = waves(width, height);

    RgbImage thumbnail = Thumbnail.shrunk(image, 100);

    RgbImage resampled = Resampler.resize(image, thumbnail.width(), thumbnail.height());
    assertThat(Math.max(thumbnail.width(), thumbnail.height()))
        .isEqualTo(Math.min(100, Math.max(width, height)));
    for (int i = 0; i < resampled.planes().length; i++) {
      assertThat(thumbnail.planes()[i])
          .isBetween(
              resampled.planes()[i] - 3 * GREY_LEVEL, resampled.planes()[i] + 3 * GREY_LEVEL);
    }
  }

  @Test
  void keepsOneColour() {
    float[] planes = new float[3 * 1601 * 1201];
    Arrays.fill(planes, 0.7f);

    for (float value : Thumbnail.shrunk(new RgbImage(1601, 1201, planes), 100).planes()) {
      assertThat(value).isBetween(0.7f - 1e-5f, 0.7f + 1e-5f);
    }
  }

  /** Waves that a thumbnail can show. */
  private static RgbImage waves(int width, int height) {
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < planes.length; i++) {
      double x = i % width / (double) width;
      int row = i / width;
      double y = row % height / (double) height;
      planes[i] = (float) (0.5 + 0.4 * Math.sin(9 * x + 5 * y + row / height));
    }
    return new RgbImage(width, height, planes);
  }
}
