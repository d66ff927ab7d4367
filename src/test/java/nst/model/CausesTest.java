package nst.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void ourMessageComesBeforeThatOfTheOperatingSystem() {
    Exception cause = new AccessDeniedException("/out");
    Exception ours =
        new TransferException(ErrorCode.ACCESS_DENIED, "Cannot write file:/out", cause);
    assertThat(Causes.message(new IllegalStateException("wrapped", ours)))
        .isEqualTo("Cannot write file:/out");
  }

  @Test
  void aFullDiskNamesTheTableThatWasWritten() {
    Exception disk = new IOException("No space left on device");
    Exception spark =
        new RuntimeException(
            "[TASK_WRITE_FAILED] Task failed while writing rows to file:/out/runs/metrics.", disk);
    assertThat(Causes.message(new RuntimeException("Job aborted", spark)))
        .isEqualTo("Cannot write file:/out/runs/metrics: No space left on device");
  }

  @Test
  void anErrorWithoutMessageIsNamed() {
    assertThat(Causes.message(new StackOverflowError())).isEqualTo("StackOverflowError");
    assertThat(Causes.message(new AccessDeniedException("/out")))
        .isEqualTo("AccessDeniedException: /out");
    assertThat(Causes.message(new RuntimeException(new OutOfMemoryError("Java heap space"))))
        .startsWith("out of memory (Java heap space) with a heap of ")
        .contains("increase NST_HEAP");
  }
}
