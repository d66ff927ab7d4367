package nst.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

class RoundingTest {

  @Test
  void roundsHalfUp() {
    assertThat(Rounding.toLevel(0.49f / 255)).isZero();
    assertThat(Rounding.toLevel(0.51f / 255)).isEqualTo(1);
    assertThat(Rounding.toLevel(0.5f)).isEqualTo(128); // exactly 127.5
  }

  /** Checks the floats next to the middle between two levels. */
  @Test
  void roundsAtTheHalfLevelsAsTheirExactValuesSay() {
    for (int level = 0; level < 255; level++) {
      float half = (float) ((level + 0.5) / 255);
      float value = half;
      for (int steps = 0; steps < 4; steps++) {
        value = Math.nextDown(value);
      }
      for (int steps = -4; steps <= 4; steps++, value = Math.nextUp(value)) {
        BigDecimal exact = new BigDecimal(value).multiply(BigDecimal.valueOf(255));
        int expected = exact.setScale(0, RoundingMode.HALF_UP).intValueExact();
        assertThat(Rounding.toLevel(value)).as("%s of level %d", value, level).isEqualTo(expected);
      }
    }
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

  @Test
  void clampsToTheBitsOfMinAndMax() {
    float[] values = {
      -1, -Float.MIN_VALUE, -0f, 0, Float.MIN_VALUE, 0.5f, Math.nextDown(1f), 1, 2, Float.NaN
    };
    for (float value : values) {
      float expected = Math.min(1, Math.max(0, value));
      assertThat(Float.floatToIntBits(Rounding.clamped(value)))
          .as("%s", value)
          .isEqualTo(Float.floatToIntBits(expected));
    }
  }
}
