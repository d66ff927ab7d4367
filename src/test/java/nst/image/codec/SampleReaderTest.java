package nst.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Random;
import nst.image.RgbImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleReaderTest {
  private static final int WIDTH = 37;
  private static final int HEIGHT = 5;

  /** Images of bytes are read in another way than those of other samples. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void readsTheSamplesOfEveryLayout(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    int[] levels = new Random(3).ints(WIDTH * HEIGHT, 0, 1 << 24).toArray();
    for (int i = 0; i < levels.length; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, 0xFF000000 | levels[i]);
    }

    RgbImage read = SampleReader.toSrgb(image);

    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < levels.length; i++) {
        int level = levels[i] >> 8 * (2 - channel) & 0xFF;
        assertThat(read.planes()[channel * levels.length + i]).isEqualTo(level / 255f);
      }
    }
    assertThat(read.alpha()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void readsGrey(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    int largest = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
    int[] samples = new Random(4).ints(WIDTH * HEIGHT, 0, largest + 1).toArray();
    image.getRaster().setSamples(0, 0, WIDTH, HEIGHT, 0, samples);

    RgbImage read = SampleReader.toSrgb(image);

    for (int i = 0; i < samples.length; i++) {
      float value = samples[i] / (float) largest;
      assertThat(read.planes()[i]).isEqualTo(value);
      assertThat(read.planes()[2 * samples.length + i]).isEqualTo(value);
    }
  }
}
