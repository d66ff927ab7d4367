package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.engine.network.HeldOperations;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests devices that hang, break or lack memory in the driver's process. One run meets the faults
 * one after the other: each attempt is a process that ends at its fault, and the next one continues
 * the run. The last attempt has no fault, so a row that it computes is OK.
 */
class DeviceFaultIT {
  @TempDir static Path folder;
  private static DeviceFaultRun run;

  private static Command.Outcome brokenInTheWarmUp;
  private static Command.Outcome stuck;
  private static int imagesBefore;
  private static Command.Outcome broken;
  private static int imagesAfter;
  private static Command.Outcome last;
  private static Map<String, String> codes;

  @BeforeAll
  static void runUntilAllRowsAreDone() throws IOException {
    run = DeviceFaultRun.of(folder);
    brokenInTheWarmUp =
        attempt(HeldOperations.breaking(folder.resolve("first"), DeviceFaultRun.WARM_UP));
    stuck =
        attempt(
            HeldOperations.hanging(folder.resolve("second"), DeviceFaultRun.STUCK),
            DeviceFaultRun.LIMITS.toArray(new String[0]));
    imagesBefore = run.images();
    broken =
        attempt(
            HeldOperations.breaking(folder.resolve("third"), DeviceFaultRun.BROKEN)
                .alsoExhausting(DeviceFaultRun.EXHAUSTED));
    imagesAfter = run.images();
    last = Command.here(run.run().toArray(new String[0]));
    codes = run.codes();
  }

  /** Runs the command in a process, with one row at a time. */
  private static Command.Outcome attempt(HeldOperations held, String... limits) {
    List<String> arguments = run.run("--master", "local[1]", "--");
    arguments.addAll(List.of(limits));
    Map<String, String> environment =
        Map.of("NST_JAVA_OPTS", LauncherClassPath.optionWithResources(held.folder()));
    return Command.start(folder, environment, arguments.toArray(new String[0])).outcome();
  }

  @Test
  void aDeviceThatBreaksInTheWarmUpInLocalModeFailsNoRow() {
    assertThat(brokenInTheWarmUp.exitCode()).as(brokenInTheWarmUp.err()).isEqualTo(4);
    assertThat(brokenInTheWarmUp.err())
        .contains("In the warm-up: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered");
    assertThat(last.exitCode()).as(last.err()).isEqualTo(3);
    assertThat(codes)
        .as("every row failed at a later fault of its own, or is OK")
        .isEqualTo(DeviceFaultRun.CODES);
  }

  @Test
  void inLocalModeTheRunEndsWithAMessageAndCanContinue() {
    assertThat(stuck.exitCode()).as(stuck.err()).isEqualTo(4);
    assertThat(stuck.err())
        .contains("Row id=stuck is stuck: still optimising after 10 s")
        .contains("run the same --run-id again for the other rows");
    // Nothing blocks in later attempts: if the row were tried again, it would be OK.
    assertThat(codes).containsEntry("stuck", "FAILED TIMEOUT");
  }

  @Test
  void aDeviceThatBreaksInLocalModeEndsTheRunWithAMessage() {
    assertThat(broken.exitCode()).as(broken.err()).isEqualTo(4);
    assertThat(broken.err())
        .contains("Row id=broken has lost its device: The device broke down: ")
        .contains("CUDA error: an illegal memory access was encountered")
        .contains("It failed with DEVICE_LOST; run the same --run-id again for the other rows");
    assertThat(codes).containsEntry("broken", "FAILED DEVICE_LOST");
  }

  @Test
  void anImageThatExceedsTheDeviceMemoryFailsAndTheProcessContinues() {
    assertThat(codes).containsEntry("exhausted", "FAILED OUT_OF_MEMORY");
    assertThat(imagesAfter - imagesBefore)
        .as("images that its process made after it, before its device broke")
        .isEqualTo(1);
  }
}
