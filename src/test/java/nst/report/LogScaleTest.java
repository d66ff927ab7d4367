package nst.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogScaleTest {
  @Test
  void putsEqualFactorsAtEqualDistances() {
    LogScale scale = new LogScale(1, 100);
    assertThat(scale.position(1)).isZero();
    assertThat(scale.position(10)).isCloseTo(0.5, within(1e-12));
    assertThat(scale.position(100)).isEqualTo(1);
  }

  @Test
  void putsWhatHasNoLogarithmAtTheBottom() {
    LogScale scale = new LogScale(1, 100);
    assertThat(scale.position(0)).isZero();
    assertThat(scale.position(-3)).isZero();
    assertThat(scale.position(Double.NaN)).isZero();
    assertThat(scale.position(Double.POSITIVE_INFINITY)).isEqualTo(1);
  }

  @Test
  void holdsAllPositiveFiniteValues() {
    LogScale scale = LogScale.around(List.of(0.0, 0.02, 3.0, Double.NaN, Double.POSITIVE_INFINITY));
    assertThat(scale.low()).isBetween(0.01, 0.02);
    assertThat(scale.high()).isBetween(3.0, 5.0);
  }

  @Test
  void hasAScaleWithoutAnyPositiveValue() {
    assertThat(LogScale.around(List.of(0.0)).ticks()).isNotEmpty();
  }

  @Test
  void marksTwoToSixRoundValuesWhateverTheRange() {
    assertThat(new LogScale(0.5, 2000).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
    assertThat(new LogScale(0.8, 12).ticks()).containsExactly(1.0, 2.0, 5.0, 10.0);
    for (double range : new double[] {1.05, 1.5, 3, 20, 1e3, 1e9, 1e30}) {
      assertThat(new LogScale(0.7, 0.7 * range).ticks())
          .as("range %s", range)
          .hasSizeBetween(2, 6)
          .allMatch(tick -> tick >= 0.7 && tick <= 0.7 * range);
    }
  }
}
