package nst.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nst.model.LossSample;
import org.junit.jupiter.api.Test;

class LossSamplesTest {
  @Test
  void keepsTheFirstTheLastAndEvenlyManyBetween() {
    assertThat(LossSamples.thinned(ReportFixture.losses(100), 5))
        .extracting(LossSample::iteration)
        .containsExactly(0, 25, 50, 75, 100);
  }

  @Test
  void keepsAllWhereTheyAreFew() {
    List<LossSample> few = ReportFixture.losses(4);
    assertThat(LossSamples.thinned(few, 5)).isEqualTo(few);
    assertThat(LossSamples.thinned(few.subList(0, 1), 5)).isEqualTo(few.subList(0, 1));
    assertThat(LossSamples.thinned(List.of(), 5)).isEmpty();
  }
}
