package nst.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Collects all faults of an input, so that the user sees them together. */
public final class Problems {

  /**
   * One fault. Credentials are removed from its texts.
   *
   * @param where where it is: a file, a table, {@code row id=42}, {@code --set}
   * @param column the column or key at fault; empty if the fault concerns the whole
   * @param message what was expected and what was found
   */
  public record Problem(String where, String column, String message) implements Serializable {
    public Problem {
      where = Redactor.of(where);
      column = Redactor.of(column);
      message = Redactor.of(message);
    }

    @Override
    public String toString() {
      return column.isEmpty() ? where + ": " + message : where + ": " + column + ": " + message;
    }
  }

  private final List<Problem> problems = new ArrayList<>();

  public void add(String where, String column, String message) {
    problems.add(new Problem(where, column, message));
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  public List<Problem> list() {
    return List.copyOf(problems);
  }

  /** Throws one exception with all faults, if there are any. */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(list());
    }
  }
}
