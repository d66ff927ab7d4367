package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.engine.network.HeldOperations;
import nst.job.table.RowTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests devices of executors that hang or break, on a standalone cluster. The first attempt of the
 * run ends in the warm-up; the second one meets all other faults and ends by itself.
 */
class DeviceFaultClusterIT {
  @TempDir static Path folder;
  private static DeviceFaultRun run;

  private static Command.Outcome brokenInTheWarmUp;
  private static Command.Outcome whole;
  private static int executors;
  private static Map<String, String> codes;

  @BeforeAll
  static void runUntilAllRowsAreDone() throws IOException {
    run = DeviceFaultRun.of(folder);
    try (StandaloneCluster cluster = StandaloneCluster.start(folder).worker("0")) {
      brokenInTheWarmUp =
          attempt(
              cluster,
              HeldOperations.breaking(folder.resolve("first"), DeviceFaultRun.WARM_UP),
              List.of());
      HeldOperations held =
          HeldOperations.hanging(folder.resolve("second"), DeviceFaultRun.STUCK)
              .alsoExhausting(DeviceFaultRun.EXHAUSTED)
              .alsoBreaking(DeviceFaultRun.BROKEN);
      whole = attempt(cluster, held, DeviceFaultRun.LIMITS);
      executors = executorLogs(cluster, held).size();
    }
    codes = run.codes();
  }

  private static Command.Outcome attempt(
      StandaloneCluster cluster, HeldOperations held, List<String> limits) {
    List<String> arguments = run.run();
    arguments.addAll(limits);
    Map<String, String> settings =
        new TreeMap<>(StandaloneCluster.executorResources(held.folder()));
    settings.put(RowTable.LIMIT, "1000"); // the driver holds the rows, which takes less time
    return cluster.drive(settings, arguments);
  }

  @Test
  void anExecutorWhoseDeviceBreaksInTheWarmUpEndsAndNoRowFails() {
    assertThat(brokenInTheWarmUp.exitCode()).as(brokenInTheWarmUp.err()).isEqualTo(4);
    assertThat(brokenInTheWarmUp.err())
        .contains("The job cannot continue: executor ")
        .contains("In the warm-up: The device broke down: ");
    assertThat(whole.exitCode()).as(whole.err()).isEqualTo(3);
    assertThat(codes)
        .as("every row failed at a later fault of its own, or is OK")
        .isEqualTo(DeviceFaultRun.CODES);
  }

  /** No deadline can end this row, because libtorch does not return from a call with its image. */
  @Test
  void itsExecutorIsEndedAndReplacedAndOnlyThatRowFails() {
    assertThat(codes).containsEntry("stuck", "FAILED TIMEOUT");
    assertThat(executors)
        .as("executors that ever ran: one ended by each of two faults, and the last")
        .isEqualTo(3);
  }

  @Test
  void anExecutorWhoseDeviceBreaksIsReplacedAndOnlyThatRowFails() {
    assertThat(codes)
        .containsEntry("broken", "FAILED DEVICE_LOST")
        .containsEntry("last", "OK null");
    assertThat(executors)
        .as("executors that ever ran: one ended by each of two faults, and the last")
        .isEqualTo(3);
  }

  /** Returns the logs of the executors with these operations. Each log begins with the command. */
  private static List<String> executorLogs(StandaloneCluster cluster, HeldOperations held) {
    return cluster.executorLogs().stream()
        .filter(log -> log.contains(held.folder().toString()))
        .toList();
  }
}
