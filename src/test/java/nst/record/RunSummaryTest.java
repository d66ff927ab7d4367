package nst.record;

import static org.assertj.core.api.Assertions.assertThat;

import nst.record.RunSummary.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSummaryTest {

  @ParameterizedTest
  @CsvSource({"0.1, 30, 3", "0.29, 100, 29", "0.07, 100, 7", "0.57, 1000000, 570000", "0, 5, 0"})
  void exactlyTheAllowedRatioOfFailuresIsAllowedAndOneMoreIsNot(
      double ratio, long total, long failed) {
    assertThat(new Rows(total, total - failed, failed, 0, 0).exitCode(ratio)).isZero();
    assertThat(new Rows(total, total - failed - 1, failed + 1, 0, 0).exitCode(ratio)).isEqualTo(3);
  }

  @Test
  void anEmptyRunHasNotFailed() {
    assertThat(new Rows(0, 0, 0, 0, 0).exitCode(0)).isZero();
  }
}
