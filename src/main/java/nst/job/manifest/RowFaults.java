package nst.job.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import nst.model.ErrorCode;
import nst.model.Problems.Problem;
import nst.model.TransferException;

/** The faults of a row: columns, each with what was expected and what was found. */
final class RowFaults {
  private final List<Problem> invalid = new ArrayList<>();
  private final List<Problem> forbidden = new ArrayList<>();

  /** Adds a value that is invalid. */
  void add(String column, String message) {
    invalid.add(new Problem("", column, message));
  }

  /** Adds a URI that the row may not read. */
  void forbid(String column, String message) {
    forbidden.add(new Problem("", column, message));
  }

  boolean hasInvalid() {
    return !invalid.isEmpty();
  }

  /**
   * Fails the row if there is any fault.
   *
   * @throws TransferException with all forbidden URIs in one message, or else all invalid values
   */
  void throwIfAny(String id) {
    if (!forbidden.isEmpty()) {
      throw new TransferException(ErrorCode.URI_NOT_ALLOWED, message(id, forbidden));
    }
    if (!invalid.isEmpty()) {
      throw new TransferException(ErrorCode.INVALID_PARAMETER, message(id, invalid));
    }
  }

  private static String message(String id, List<Problem> faults) {
    return faults.stream()
        .map(fault -> "Invalid " + fault.column() + " in row id=" + id + ": " + fault.message())
        .collect(Collectors.joining("; "));
  }
}
