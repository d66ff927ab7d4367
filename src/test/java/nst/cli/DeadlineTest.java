package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.cli.terminal.Console;
import nst.job.cost.BatchSchedule;
import nst.model.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadlineTest {
  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-27T22:00+01:00");

  @ParameterizedTest
  @CsvSource({
    "06:00, 2026-11-28T06:00+01:00, 8",
    "22:30, 2026-11-27T22:30+01:00, 0.5",
    "22:00, 2026-11-28T22:00+01:00, 24",
    "2026-11-28T23:00Z, 2026-11-28T23:00Z, 26"
  })
  void aTimeOfDayIsTheNextOne(String text, String time, double hours) {
    Deadline deadline = Deadline.parse(text, NOW);
    assertThat(deadline.time()).hasToString(time);
    assertThat(deadline.left().toMinutes() / 60.0).isEqualTo(hours);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | expected a time such as 06:00 or 2026-12-01T06:00+01:00, was 6",
        "tomorrow | expected a time such as 06:00 or 2026-12-01T06:00+01:00, was tomorrow",
        "2026-11-27T21:59+01:00 | expected a time in the future, was 2026-11-27T21:59+01:00"
      })
  void refusesWhatIsNoTime(String text, String message) {
    assertThatThrownBy(() -> Deadline.parse(text, NOW))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void saysHowManyDevicesFinish() {
    BatchSchedule schedule = new BatchSchedule(List.of(3600.0, 3600.0, 3600.0, 3600.0), 0);
    assertThat(lines("00:00", schedule))
        .isEqualTo(Map.of("devices to finish by 2026-11-28 00:00 +01:00", "2, in 2.0 hours"));
    assertThat(lines("22:30", schedule))
        .isEqualTo(
            Map.of(
                "devices to finish by 2026-11-27 22:30 +01:00",
                "no number is enough: with a device for each batch it takes 1.000 hours, and 0.5 are left"));
    var node = Console.object();
    Deadline.parse("00:00", NOW).add(schedule, node);
    assertThat(node)
        .hasToString("{\"deadline\":{\"by\":\"2026-11-28T00:00+01:00\",\"devices\":2}}");
  }

  private static Map<String, String> lines(String by, BatchSchedule schedule) {
    Map<String, String> lines = new LinkedHashMap<>();
    Deadline.parse(by, NOW).add(schedule, lines);
    return lines;
  }
}
