package nst.report.sweep;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A text for each row, with each different text once. A row needs four bytes. */
final class Codes {
  private final Map<String, Integer> known = new LinkedHashMap<>();
  private int[] at = new int[64];
  private int size;

  /** Sets the text of the next rows up to this one. Rows between have none. */
  void set(int row, String text) {
    if (row >= at.length) {
      at = Arrays.copyOf(at, Math.max(row + 1, 2 * at.length));
    }
    Arrays.fill(at, size, row, -1);
    at[row] = known.computeIfAbsent(text, added -> known.size());
    size = row + 1;
  }

  /** Sets the text of several rows. */
  void set(Codes rows, String text) {
    for (int row = 0; row < rows.size; row++) {
      if (rows.at[row] >= 0) {
        set(row, text);
      }
    }
  }

  /** The different texts in the order in which they occurred. */
  List<String> texts() {
    return List.copyOf(known.keySet());
  }

  /** The number of different texts. */
  int count() {
    return known.size();
  }

  /** The index of the text of a row; -1 if it has none. */
  int at(int row) {
    return row < size ? at[row] : -1;
  }

  /** The index of the text of each row. */
  int[] codes(int rows) {
    int[] codes = Arrays.copyOf(at, rows);
    Arrays.fill(codes, Math.min(size, rows), rows, -1);
    return codes;
  }

  /** Whether equal texts here always go with equal texts of another column. */
  boolean decides(Codes other) {
    int[] decided = new int[count()];
    Arrays.fill(decided, -1);
    for (int row = 0; row < size; row++) {
      if (at[row] >= 0 && other.at(row) >= 0) {
        if (decided[at[row]] >= 0 && decided[at[row]] != other.at(row)) {
          return false;
        }
        decided[at[row]] = other.at(row);
      }
    }
    return true;
  }
}
