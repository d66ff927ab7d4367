package nst.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import nst.job.manifest.ManifestTest;
import nst.model.Hyperparameters;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
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
  void readsTheDefaultsOfRowsWithoutValues() {
    TreeMap<String, RunConfig.Entry> recorded =
        new TreeMap<>(ManifestTest.config(Map.of(Knob.CONTENT_WEIGHT, 0.4)).entries());
    recorded.remove(Knob.TV_WEIGHT.key()); // as if the version of the run did not have it

    Hyperparameters defaults = GoldenJsonTest.run(recorded).defaults();

    assertThat(defaults)
        .isEqualTo(Preset.BALANCED.hyperparameters().with(Knob.CONTENT_WEIGHT, 0.4));
  }

  @Test
  void saysWhichRecordedValueThisVersionDoesNotKnow() {
    Map<String, RunConfig.Entry> recorded =
        Map.of(
            RunConfig.PRESET,
            new RunConfig.Entry("balanced", "default"),
            Knob.OPTIMIZER.key(),
            new RunConfig.Entry("newton", "--optimizer"));

    assertThatThrownBy(() -> GoldenJsonTest.run(recorded).defaults())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("optimizer")
        .hasMessageContaining("was newton")
        .hasMessageContaining("use the version of nst that made this run");
  }

  @Test
  void anEmptyRunHasNotFailed() {
    assertThat(new Rows(0, 0, 0, 0, 0).exitCode(0)).isZero();
  }
}
