package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import nst.job.executor.Progress;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import nst.storage.RetryCounters;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final List<String> opened = new ArrayList<>();
  private final CircuitBreaker breaker = new CircuitBreaker(3, opened::add);

  @Test
  void opensOnceAfterTheSameAnswerSoManyTimes() {
    fail(ErrorCode.ACCESS_DENIED, 5);
    assertThat(opened).containsExactly("storage answered ACCESS_DENIED to 3 rows in a row");
  }

  @Test
  void staysClosedWhereOtherAnswersComeBetween() {
    fail(ErrorCode.ACCESS_DENIED, 2);
    breaker.add(done(Status.OK, ""));
    fail(ErrorCode.ACCESS_DENIED, 2);
    fail(ErrorCode.IO_ERROR, 2);
    assertThat(opened).isEmpty();
  }

  @Test
  void staysClosedForFaultsOfSingleRows() {
    fail(ErrorCode.NOT_FOUND, 50);
    fail(ErrorCode.CORRUPT_IMAGE, 50);
    assertThat(opened).isEmpty();
  }

  private static Progress.RowDone done(Status status, String failure) {
    return new Progress.RowDone(
        "00ff", status, failure, 1, 1, new Progress.Health("1", 0, RetryCounters.NONE));
  }

  private void fail(ErrorCode code, int times) {
    for (int i = 0; i < times; i++) {
      breaker.add(done(Status.FAILED, code.name()));
    }
  }
}
