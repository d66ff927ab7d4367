package nst.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DetailTransferTest {
  private static final int SIDE = 96;
  private static final RgbImage PHOTO = photo();

  /** A picture that is the photo gets nearly all detail back. */
  @Test
  void detailComesBackWhereThePictureFollowsThePhoto() {
    RgbImage picture = Resampler.resize(PHOTO, SIDE / 4, SIDE / 4);
    double plain = distance(Resampler.resize(picture, SIDE, SIDE), PHOTO);
    double transferred = distance(DetailTransfer.enlarge(picture, PHOTO), PHOTO);
    assertThat(transferred).isLessThan(0.5 * plain);
  }

  /** Strokes that have nothing in common with the photo stay as they are. */
  @Test
  void noPhotoShowsThroughAFlatPicture() {
    float[] grey = new float[3 * 24 * 24];
    java.util.Arrays.fill(grey, 0.4f);
    RgbImage enlarged = DetailTransfer.enlarge(new RgbImage(24, 24, grey), PHOTO);
    for (float value : enlarged.planes()) {
      assertThat(value).isCloseTo(0.4f, within(1e-5f));
    }
  }

  @Test
  void aPictureWithOppositeContrastGetsNoDetail() {
    RgbImage small = Resampler.resize(PHOTO, SIDE / 4, SIDE / 4);
    float[] negative = small.planes().clone();
    for (int i = 0; i < negative.length; i++) {
      negative[i] = 1 - negative[i];
    }
    RgbImage picture = new RgbImage(SIDE / 4, SIDE / 4, negative);
    double added =
        distance(DetailTransfer.enlarge(picture, PHOTO), Resampler.resize(picture, SIDE, SIDE));
    double whole = distance(Resampler.resize(small, SIDE, SIDE), PHOTO); // all detail that there is
    assertThat(added).isLessThan(0.1 * whole);
  }

  @Test
  void thePictureOfThePhotosSizeIsReturned() {
    assertThat(DetailTransfer.enlarge(PHOTO, PHOTO)).isSameAs(PHOTO);
  }

  @Test
  void anotherAspectRatioIsMadeThatOfThePhoto() {
    RgbImage picture = Resampler.resize(PHOTO, 40, 20);
    RgbImage enlarged = DetailTransfer.enlarge(picture, PHOTO);
    assertThat(enlarged.width()).isEqualTo(SIDE);
    assertThat(enlarged.height()).isEqualTo(SIDE);
  }

  /** The root mean square of the differences. */
  private static double distance(RgbImage one, RgbImage other) {
    double sum = 0;
    for (int i = 0; i < one.planes().length; i++) {
      double difference = one.planes()[i] - other.planes()[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / one.planes().length);
  }

  /** Grey patches with sharp edges and a fine grain. */
  private static RgbImage photo() {
    Random random = new Random(1);
    float[] planes = new float[3 * SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        float patch = (x / 13 + y / 11) % 2 == 0 ? 0.25f : 0.7f;
        float value = patch + 0.1f * (random.nextFloat() - 0.5f);
        for (int channel = 0; channel < 3; channel++) {
          planes[(channel * SIDE + y) * SIDE + x] = value;
        }
      }
    }
    return new RgbImage(SIDE, SIDE, planes);
  }
}
