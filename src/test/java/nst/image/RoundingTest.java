package nst.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RoundingTest {

  @Test
  void roundsHalfUp() {
    assertThat(Rounding.toLevel(0.49f / 255)).isZero();
    assertThat(Rounding.toLevel(0.51f / 255)).isEqualTo(1);
    assertThat(Rounding.toLevel(0.5f)).isEqualTo(128); // 127.5 exactly
  }

  @Test
  void clampsInsteadOfWrappingAround() {
    assertThat(Rounding.toLevel(1.05f)).isEqualTo(255);
    assertThat(Rounding.toLevel(-0.05f)).isZero();
    assertThat(Rounding.toLevel(Float.POSITIVE_INFINITY)).isEqualTo(255);
  }

  @Test
  void everyLevelSurvives() {
    for (int level = 0; level < 256; level++) {
      assertThat(Rounding.toLevel(level / 255f)).isEqualTo(level);
    }
  }

  @Test
  void roundingTwiceIsRoundingOnce() {
    RgbImage once = Rounding.toEightBit(TestImages.noise(16, 16, 7));
    assertThat(Rounding.toEightBit(once).planes()).isEqualTo(once.planes());
  }

  @Test
  void refusesWhatIsNotANumber() {
    assertThatIllegalArgumentException().isThrownBy(() -> Rounding.toLevel(Float.NaN));
  }
}
