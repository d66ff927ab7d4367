package nst.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import nst.job.executor.Progress;
import nst.storage.RetryCounters;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void saysWhatThereIsToSay() {
    Progress.Snapshot now =
        new Progress.Snapshot(
            12,
            6,
            1,
            411.6,
            38,
            52.4,
            Map.of("NOT_FOUND", 1L),
            2,
            1_210_000_000,
            new RetryCounters(3, 40));
    assertThat(ProgressLine.text(now))
        .isEqualTo(
            "7 of 12 rows, 1 failed (NOT_FOUND 1), 412 images/h, 0:38 left, 52 device s, 1.2 GB,"
                + " 3 retries, 40 times slowed down");
  }

  @Test
  void aSlowRunHasADecimal() {
    Progress.Snapshot now =
        new Progress.Snapshot(2, 0, 0, 2.96, 2400, 12, Map.of(), 0, 0, RetryCounters.NONE);
    assertThat(ProgressLine.text(now))
        .isEqualTo("0 of 2 rows, 0 failed, 3.0 images/h, 40:00 left, 12 device s");
  }

  @Test
  void saysNothingThatIsNotKnown() {
    Progress.Snapshot now =
        new Progress.Snapshot(12, 0, 0, 0, -1, 0, Map.of(), 0, 0, RetryCounters.NONE);
    assertThat(ProgressLine.text(now)).isEqualTo("0 of 12 rows, 0 failed");
  }
}
