package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.engine.network.HeldOperations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests devices that hang, break or lack memory in the driver's process. */
class DeviceFaultIT {
  @TempDir Path folder;
  private DeviceFaultRun run;

  @BeforeEach
  void prepare() {
    run = DeviceFaultRun.of(folder);
  }

  @Test
  void inOneProcessWithTheDriverTheRunEndsWithWordsAndGoesOnLater() throws IOException {
    HeldOperations held = HeldOperations.hanging(folder.resolve("held"), DeviceFaultRun.STUCK);
    List<String> alone = run.run("--master", "local[1]", "--"); // no other row runs before it
    alone.addAll(DeviceFaultRun.LIMITS);

    Command.Outcome ended = inOneProcess(held, alone);

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("Row id=stuck is stuck: still optimising after 10 s")
        .contains("run the same --run-id again for the other rows");
    // Nothing blocks here: if the row were tried again, it would be OK.
    Command.Outcome resumed = run.again();
    assertThat(resumed.exitCode()).as(resumed.err()).isEqualTo(3);
    run.requireThatOnlyTheStuckRowFailed("TIMEOUT");
  }

  @Test
  void aDeviceThatBreaksInOneProcessWithTheDriverEndsTheRunWithWords() throws IOException {
    HeldOperations held = HeldOperations.breaking(folder.resolve("broken"), DeviceFaultRun.STUCK);

    Command.Outcome ended = inOneProcess(held, run.run("--master", "local[1]", "--"));

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("Row id=stuck has lost its device: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered")
        .contains("It failed with DEVICE_LOST; run the same --run-id again for the other rows");
    assertThat(run.again().exitCode()).isEqualTo(3);
    run.requireThatOnlyTheStuckRowFailed("DEVICE_LOST");
  }

  @Test
  void aDeviceThatBreaksInTheWarmUpInOneProcessWithTheDriverFailsNoRow() throws IOException {
    HeldOperations held = HeldOperations.breaking(folder.resolve("broken"), DeviceFaultRun.WARM_UP);

    Command.Outcome ended = inOneProcess(held, run.run("--master", "local[1]", "--"));

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err())
        .contains("In the warm-up: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered");
    run.requireThatEveryRowIsOkWithoutTheFault();
  }

  @Test
  void anImageThatTheDeviceHasNoMemoryForFailsAloneAndItsProcessGoesOn() throws IOException {
    HeldOperations held =
        HeldOperations.exhausting(folder.resolve("exhausting"), DeviceFaultRun.STUCK);

    Command.Outcome outcome = inOneProcess(held, run.run("--master", "local[1]", "--"));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(3);
    run.requireThatOnlyTheStuckRowFailed("OUT_OF_MEMORY");
  }

  private Command.Outcome inOneProcess(HeldOperations held, List<String> arguments) {
    Map<String, String> environment =
        Map.of("NST_JAVA_OPTS", LauncherClassPath.optionWithResources(held.folder()));
    return Command.start(folder, environment, arguments.toArray(new String[0])).outcome();
  }
}
