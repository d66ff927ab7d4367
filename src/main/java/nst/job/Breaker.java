package nst.job;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import nst.job.executor.Progress;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;

/**
 * Ends a job whose storage refuses everything: the same fatal answer so many times in a row is no
 * matter of single rows, and a million rows must not fail for it.
 */
final class Breaker {
  /**
   * Answers that may speak of the store, and not of one object in it. While a run is not over, rows
   * that got one are tried again when it is taken up.
   */
  static final Set<ErrorCode> OF_THE_STORE =
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
   * A closed breaker.
   *
   * @param limit so many rows in a row with the same answer open it
   * @param open is told why, once
   */
  Breaker(long limit, Consumer<String> open) {
    this.limit = limit;
    this.open = open;
  }

  private static boolean isOfTheStore(String answer) {
    return OF_THE_STORE.stream().anyMatch(code -> code.name().equals(answer));
  }

  synchronized void add(Progress.RowDone row) {
    String answer = row.status() == Status.FAILED ? row.failure() : "";
    inARow = answer.equals(last) ? inARow + 1 : 1;
    last = answer;
    if (isOfTheStore(answer) && inARow == limit) {
      open.accept("storage answered " + answer + " to " + limit + " rows in a row");
    }
  }
}
