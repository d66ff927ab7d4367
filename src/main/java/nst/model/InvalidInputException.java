package nst.model;

import java.util.List;
import java.util.stream.Collectors;
import nst.model.Problems.Problem;

/** The manifest or the configuration is invalid and nothing was started. Leads to exit code 2. */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final List<Problem> problems;

  InvalidInputException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public InvalidInputException(String where, String column, String message) {
    this(List.of(new Problem(where, column, message)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
