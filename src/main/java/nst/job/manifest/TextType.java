package nst.job.manifest;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import nst.job.source.Cell;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The type that holds all values of a column without a loss: whole numbers, numbers or booleans. In
 * a file without types, {@code 007} and {@code 1.10} are texts, because a number would lose a digit
 * of them.
 */
final class TextType {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

  /** A number that is written as programs write doubles: no zero is redundant. */
  private static final Pattern REAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,18})(\\.(0|[0-9]*[1-9]))?([eE][-+]?[0-9]{1,3})?");

  /** All whole numbers up to here are distinct doubles. */
  private static final long EXACT = 1L << 53;

  private boolean hasText;
  private boolean hasBoolean;
  private boolean hasWhole;
  private boolean hasReal;
  private boolean isExact = true;

  /** Adds a value. */
  void add(Cell cell) {
    String text = cell.text();
    switch (cell.kind()) {
      case TEXT, NESTED -> hasText = true;
      case BOOLEAN -> hasBoolean = true;
      case NUMBER -> addNumber(text, isDouble(text));
      case UNTYPED -> {
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
          hasBoolean = true;
        } else {
          addNumber(text, REAL.matcher(text).matches() && isSameAsDouble(text));
        }
      }
    }
  }

  private void addNumber(String text, boolean isReal) {
    if (WHOLE.matcher(text).matches()) {
      hasWhole = true;
      isExact &= Math.abs(Long.parseLong(text)) < EXACT;
    } else if (isReal) {
      hasReal = true;
    } else {
      hasText = true;
    }
  }

  /** Whether a number of JSON is a double; larger whole numbers are not. */
  private static boolean isDouble(String number) {
    return number.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')
        && Double.isFinite(Double.parseDouble(number));
  }

  private static boolean isSameAsDouble(String text) {
    double value = Double.parseDouble(text);
    return Double.isFinite(value)
        && new BigDecimal(Double.toString(value)).compareTo(new BigDecimal(text)) == 0;
  }

  /** Whether no row has a value. */
  boolean isEmpty() {
    return type().equals(DataTypes.NullType);
  }

  /** Whether all whole numbers are distinct as doubles. */
  boolean isExactAsDouble() {
    return isExact;
  }

  /** The type; {@code NullType} if there is no value. */
  DataType type() {
    boolean hasNumber = hasWhole || hasReal;
    if (hasText || (hasBoolean && hasNumber) || (hasWhole && hasReal && !isExact)) {
      return DataTypes.StringType;
    }
    if (hasBoolean) {
      return DataTypes.BooleanType;
    }
    if (hasReal) {
      return DataTypes.DoubleType;
    }
    return hasWhole ? DataTypes.LongType : DataTypes.NullType;
  }
}
