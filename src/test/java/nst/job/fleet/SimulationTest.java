package nst.job.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import nst.job.BenchmarkRun;
import nst.job.cost.BatchSchedule;
import nst.job.fleet.Conditions.Driver;
import nst.job.fleet.Conditions.LossTimes;
import nst.job.fleet.Conditions.Losses;
import nst.job.fleet.Conditions.Slow;
import nst.job.fleet.Conditions.Storage;
import nst.job.fleet.Simulation.Batch;
import nst.job.fleet.Simulation.Outcome;
import nst.job.plan.FleetBatches;
import nst.model.Setting.Device;
import org.junit.jupiter.api.Test;

/** Checks the simulation of {@code benchmark fleet} with cases that are computed by hand. */
class SimulationTest {
  private static final Conditions IDEAL = Conditions.IDEAL;

  /** Two batches: 2 + 3 and 1 + 1 + 1 s. */
  private static final List<Batch> TWO = List.of(batch(2, 3), batch(1, 1, 1));

  @Test
  void oneDeviceTakesTheSumOfTheRows() {
    Outcome outcome = Simulation.of(TWO, 1, IDEAL);
    assertThat(outcome.makespan()).isEqualTo(8);
    assertThat(outcome.ideal()).isEqualTo(8);
    assertThat(outcome.rows()).isEqualTo(5);
    assertThat(outcome.lostShare()).isZero();
  }

  @Test
  void withoutDisturbancesItIsTheScheduleOfThePlan() {
    double[] rows = FleetCatalogue.of(Device.CPU, 20_000, 7);
    for (int devices : new int[] {1, 7, 64, 1000}) {
      List<double[]> cut = FleetBatches.of(rows, devices, BenchmarkRun.config(Map.of()));
      assertThat(cut.stream().mapToInt(batch -> batch.length).sum()).isEqualTo(rows.length);
      List<Batch> batches = cut.stream().map(SimulationTest::batch).toList();
      BatchSchedule schedule =
          new BatchSchedule(batches.stream().map(Batch::predictedSeconds).toList(), 0);
      assertThat(Simulation.of(batches, devices, IDEAL).makespan())
          .isCloseTo(schedule.makespan(devices), within(1e-6 * schedule.makespan(devices)));
    }
  }

  @Test
  void theBatchWithTheHighestPredictionStartsFirst() {
    List<Batch> wrong = List.of(new Batch(1, new double[] {9}), new Batch(2, new double[] {1}));
    assertThat(Simulation.of(wrong, 1, IDEAL).makespan()).isEqualTo(10);
    Conditions lost = lostAt(0.5, 0, 0, 0);
    assertThat(Simulation.of(wrong, 1, lost).lostShare()).isEqualTo(0.5 / 10); // of the short one
  }

  @Test
  void aLossCostsWhatWasInFlight() {
    Outcome outcome = Simulation.of(List.of(batch(2, 2, 2)), 1, lostAt(5, 0, 0, 0));
    assertThat(outcome.lostShare()).isEqualTo(1.0 / 6); // the third row had run for 1 s
    assertThat(outcome.makespan()).isEqualTo(7);
    assertThat(outcome.losses()).isEqualTo(1);
    assertThat(outcome.attempts()).isEqualTo(2);
  }

  @Test
  void aLossCostsTheRowThatIsBeingStoredToo() {
    Conditions slowStore =
        lostAt(4.5, 0, 0, 0).with(new Storage(1e9, 1e9, 1, 100, 1e9)); // PUT takes 1 s
    Outcome outcome = Simulation.of(List.of(batch(2, 2, 2)), 1, slowStore);
    assertThat(outcome.lostShare()).isCloseTo((0.5 + 2) / 6, within(1e-6));
    // From 4.5 s: two rows, then the PUTs of the last image and of the journal.
    assertThat(outcome.makespan()).isCloseTo(4.5 + 4 + 2, within(1e-6));
  }

  @Test
  void theNextAttemptStartsWhenTheLossIsNoticedAndLooksForTheImages() {
    Outcome alone = Simulation.of(List.of(batch(2, 2, 2)), 1, lostAt(5, 1, 10, 0.25));
    assertThat(alone.makespan()).isEqualTo(5 + 10 + 2 * 0.25 + 2);
    assertThat(alone.lostShare()).isEqualTo((1 + 2 * 0.25) / 6);
    // The other device has been idle since 3 s.
    Outcome two = Simulation.of(List.of(batch(2, 2, 2), batch(3)), 2, lostAt(5, 1, 10, 0.25));
    assertThat(two.makespan()).isEqualTo(5 + 1 + 2 * 0.25 + 2);
  }

  @Test
  void anIdleDeviceLosesNothing() {
    Outcome outcome = Simulation.of(TWO, 1, lostAt(9, 0, 100, 0));
    assertThat(outcome.losses()).isZero();
    assertThat(outcome.makespan()).isEqualTo(8);
  }

  @Test
  void aSlowDeviceTakesLonger() {
    Conditions oneOfTwo = IDEAL.with(new Slow(0.5, 2));
    Outcome outcome = Simulation.of(List.of(batch(3), batch(2), batch(1)), 2, oneOfTwo);
    assertThat(outcome.makespan()).isEqualTo(4); // the second device needs 4 s for the second batch
    assertThat(outcome.ideal()).isEqualTo(6 / 1.5);
  }

  @Test
  void theLimitOfTheStoreBindsIfTheDevicesAreFaster() {
    List<Batch> batches = IntStream.range(0, 10).mapToObj(i -> batch(1, 1, 1, 1)).toList();
    // 10 devices make 10 images in a second.
    Storage enough = new Storage(20, 1e9, 0, 100, 1e9);
    assertThat(Simulation.of(batches, 10, IDEAL.with(enough)).makespan()).isBetween(4.0, 5.0);
    Storage tooFew = new Storage(2, 1e9, 0, 100, 1e9);
    Outcome bound = Simulation.of(batches, 10, IDEAL.with(tooFew));
    assertThat(bound.makespan()).isCloseTo(1 + 40 / 2.0, within(1e-6));
    assertThat(bound.waited()).isPositive();
    assertThat(bound.puts()).isEqualTo(40 + 10); // an image each, a segment for each batch
  }

  @Test
  void theJournalIsWrittenAfterSomeRowsOrSomeTime() {
    assertThat(puts(2, 100)).isEqualTo(4 + 2);
    assertThat(puts(100, 3)).isEqualTo(4 + 1); // at 4 s, the last row
    assertThat(puts(100, 2)).isEqualTo(4 + 2); // at 3 s and at 4 s
  }

  private static long puts(long segmentRows, double segmentSeconds) {
    double atOnce = Double.POSITIVE_INFINITY;
    Storage storage = new Storage(atOnce, atOnce, 0, segmentRows, segmentSeconds);
    return Simulation.of(List.of(batch(1, 1, 1, 1)), 1, IDEAL.with(storage)).puts();
  }

  @Test
  void theDriverStartsOneTaskAfterTheOther() {
    List<Batch> batches = IntStream.range(0, 10).mapToObj(i -> batch(1)).toList();
    Conditions slowStarts = IDEAL.with(new Driver(10, 1e9));
    assertThat(Simulation.of(batches, 10, slowStarts).makespan()).isCloseTo(2, within(1e-9));
  }

  @Test
  void theDriverFallsBehindIfRowsFinishFaster() {
    List<Batch> batches = IntStream.range(0, 10).mapToObj(i -> batch(1, 1)).toList();
    Outcome outcome = Simulation.of(batches, 10, IDEAL.with(new Driver(1e9, 5)));
    assertThat(outcome.makespan()).isCloseTo(2, within(1e-6)); // no device waits for it
    assertThat(outcome.driverBehind()).isCloseTo(20 / 5.0 - 1, within(1e-6));
  }

  private static Batch batch(double... rows) {
    return new Batch(Arrays.stream(rows).sum(), rows);
  }

  /** Device 0 is lost once. */
  private static Conditions lostAt(
      double time, double notice, double replacement, double foundSeconds) {
    LossTimes once =
        (device, after) -> device == 0 && after < time ? time : Double.POSITIVE_INFINITY;
    return IDEAL.with(new Losses(once, notice, replacement, foundSeconds));
  }
}
