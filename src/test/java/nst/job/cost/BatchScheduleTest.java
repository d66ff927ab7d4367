package nst.job.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchScheduleTest {
  @Test
  void theMostExpensiveBatchesStartFirst() {
    BatchSchedule schedule = new BatchSchedule(List.of(2.0, 5.0, 3.0, 4.0), 1);
    assertThat(schedule.makespan(1)).isEqualTo(15);
    assertThat(schedule.makespan(2)).isEqualTo(8); // 5 + 2 and 4 + 3
    assertThat(schedule.makespan(9)).isEqualTo(6);
  }

  @Test
  void findsTheLeastNumberOfDevices() {
    BatchSchedule schedule = new BatchSchedule(Collections.nCopies(100, 3.0), 10);
    assertThat(schedule.devicesWithin(310)).hasValue(1);
    assertThat(schedule.devicesWithin(309)).hasValue(2);
    assertThat(schedule.devicesWithin(40)).hasValue(10);
    assertThat(schedule.devicesWithin(13)).hasValue(100);
    assertThat(schedule.devicesWithin(12.9)).isEmpty(); // a batch cannot be divided
  }

  @Test
  void nothingToComputeTakesTheTimeOfTheDriver() {
    BatchSchedule schedule = new BatchSchedule(List.of(), 10);
    assertThat(schedule.devicesWithin(10)).hasValue(1);
    assertThat(schedule.devicesWithin(9)).isEmpty();
  }
}
