package nst.job;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import nst.job.executor.Progress;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;

/**
 * A circuit breaker that ends a job if the storage rejects all requests. If many consecutive rows
 * get the same fatal answer, the cause is not a single row, and the other rows must not fail for
 * it.
 */
final class CircuitBreaker {
  /**
   * Error codes that may be caused by the store and not by a single object. Rows with these codes
   * are computed again when an unfinished run is resumed.
   */
  private static final Set<ErrorCode> STORAGE_CODES =
      Collections.unmodifiableSet(
          EnumSet.of(
              ErrorCode.BUCKET_NOT_FOUND,
              ErrorCode.ACCESS_DENIED,
              ErrorCode.THROTTLED,
              ErrorCode.IO_ERROR));

  private final long limit;
  private final Consumer<String> open;
  private String last = "";
  private long inARow;

  /**
   * Creates a closed breaker.
   *
   * @param limit the number of consecutive rows with the same answer that opens it
   * @param open is called once with the reason
   */
  CircuitBreaker(long limit, Consumer<String> open) {
    this.limit = limit;
    this.open = open;
  }

  static boolean isOfStorage(String answer) {
    return STORAGE_CODES.stream().anyMatch(code -> code.name().equals(answer));
  }

  synchronized void add(Progress.RowDone row) {
    String answer = row.status() == Status.FAILED ? row.failure() : "";
    inARow = answer.equals(last) ? inARow + 1 : 1;
    last = answer;
    if (isOfStorage(answer) && inARow == limit) {
      open.accept("storage answered " + answer + " to " + limit + " rows in a row");
    }
  }
}
