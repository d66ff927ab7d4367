package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import nst.engine.network.HeldOperations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests devices of executors that hang or break, on a standalone cluster. */
class DeviceFaultClusterIT {
  @TempDir static Path clusterFolder;
  private static StandaloneCluster cluster;

  @TempDir Path folder;
  private DeviceFaultRun run;

  @BeforeAll
  static void startTheCluster() {
    cluster = StandaloneCluster.start(clusterFolder).worker("0");
  }

  @AfterAll
  static void endTheCluster() {
    cluster.close();
  }

  @BeforeEach
  void prepare() {
    run = DeviceFaultRun.of(folder);
  }

  /** No deadline can end this row, because libtorch does not return from a call with its image. */
  @Test
  void itsExecutorIsEndedAndReplacedAndOnlyThatRowFails() throws IOException {
    HeldOperations held = HeldOperations.hanging(folder.resolve("held"), DeviceFaultRun.STUCK);

    Command.Outcome outcome = run(held, DeviceFaultRun.LIMITS);

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(executorLogs(held)).as("executors that ever ran").hasSize(2);
    run.requireThatOnlyTheStuckRowFailed("TIMEOUT");
  }

  @Test
  void anExecutorWhoseDeviceBreaksIsReplacedAndOnlyThatRowFails() throws IOException {
    HeldOperations held = HeldOperations.breaking(folder.resolve("broken"), DeviceFaultRun.STUCK);

    Command.Outcome outcome = run(held, List.of());

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    assertThat(executorLogs(held)).as("executors that ever ran").hasSize(2);
    run.requireThatOnlyTheStuckRowFailed("DEVICE_LOST");
  }

  @Test
  void anExecutorWhoseDeviceBreaksInTheWarmUpEndsAndNoRowFails() throws IOException {
    HeldOperations held = HeldOperations.breaking(folder.resolve("broken"), DeviceFaultRun.WARM_UP);

    Command.Outcome outcome = run(held, List.of());

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.err())
        .contains("The job cannot continue: executor ")
        .contains("In the warm-up: The device broke down: ");
    run.requireThatEveryRowIsOkWithoutTheFault();
  }

  private Command.Outcome run(HeldOperations held, List<String> limits) {
    List<String> arguments = run.run();
    arguments.addAll(limits);
    return cluster.drive(StandaloneCluster.executorResources(held.folder()), arguments);
  }

  /** Returns the logs of the executors with these operations. Each log begins with the command. */
  private static List<String> executorLogs(HeldOperations held) {
    return cluster.executorLogs().stream()
        .filter(log -> log.contains(held.folder().toString()))
        .toList();
  }
}
