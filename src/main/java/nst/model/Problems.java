package nst.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Collects every fault of an input, so that the user sees all of them at once. */
public final class Problems {

  /**
   * One fault, told without credentials.
   *
   * @param where what holds it: a file, a table, {@code row id=42}, {@code --set}
   * @param column the column or key at fault; empty where the whole is
   * @param message what was expected and what came
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

  /** Throws all of them once, if there are any. */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidInputException(list());
    }
  }
}
