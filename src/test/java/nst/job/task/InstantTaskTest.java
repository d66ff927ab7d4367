package nst.job.task;

import static org.assertj.core.api.Assertions.assertThat;

import nst.job.input.RowTimes;
import org.junit.jupiter.api.Test;

/** Tests the task of {@code benchmark driver}, which no other test runs. */
class InstantTaskTest {
  @Test
  void everyRowHasInputsAndAPictureAtOnce() {
    RowStages stages = InstantTask.instant(null);
    RowInputs.Inputs inputs = (RowInputs.Inputs) stages.fetch().fetch(null, new RowTimes());

    assertThat(inputs.bytes()).isLessThan(10_000);
    assertThat(stages.optimize().optimize(null, inputs, new RowTimes()).losses()).hasSize(31);
  }
}
