package nst.job;

import java.util.Set;
import java.util.function.Consumer;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;

/**
 * Ends a job whose storage refuses everything: the same fatal answer so many times in a row is no
 * matter of single rows, and a million rows must not fail for it.
 */
final class Breaker {
  /** Answers that speak of the store, and not of one object in it. */
  private static final Set<String> FATAL =
      Set.of(ErrorCode.ACCESS_DENIED.name(), ErrorCode.THROTTLED.name(), ErrorCode.IO_ERROR.name());

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

  synchronized void add(Progress.RowDone row) {
    String answer = row.status() == Status.FAILED ? row.failure() : "";
    inARow = answer.equals(last) ? inARow + 1 : 1;
    last = answer;
    if (FATAL.contains(answer) && inARow == limit) {
      open.accept("storage answered " + answer + " to " + limit + " rows in a row");
    }
  }
}
