package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final RetryPolicy policy = new RetryPolicy(4, Duration.ofMillis(1));
  private final AtomicInteger tried = new AtomicInteger();

  @Test
  void triesAgainWhatMayWorkTheNextTimeAndCountsIt() {
    RetryCounters before = RetryCounters.ofThisProcess();
    assertThat(policy.of(() -> after(2, ErrorCode.IO_ERROR))).isEqualTo("done");
    tried.set(0);
    assertThat(policy.of(() -> after(3, ErrorCode.THROTTLED))).isEqualTo("done");
    assertThat(RetryCounters.ofThisProcess().since(before)).isEqualTo(new RetryCounters(2, 3));
  }

  @Test
  void doesNotRepeatRequestsWithADefiniteAnswer() {
    assertThatThrownBy(() -> policy.of(() -> after(1, ErrorCode.ACCESS_DENIED)))
        .hasMessage("try 1");
    assertThat(tried).hasValue(1);
  }

  @Test
  void isNotWithoutEnd() {
    assertThatThrownBy(() -> policy.of(() -> after(100, ErrorCode.IO_ERROR))).hasMessage("try 4");
  }

  @Test
  void givesUpAtOnceIfItsThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> policy.of(() -> after(100, ErrorCode.IO_ERROR))).hasMessage("try 1");
    assertThat(Thread.interrupted()).isTrue();
  }

  private String after(int failures, ErrorCode code) {
    if (tried.incrementAndGet() <= failures) {
      throw new TransferException(code, "try " + tried);
    }
    return "done";
  }
}
