package nst.report.sweep;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as short text that a command line reads. */
final class Decimals {
  private Decimals() {}

  /** A number without digits that are not needed: {@code 0.05}, {@code 1}, {@code 1E-7}. */
  static String plain(String number) {
    BigDecimal decimal = new BigDecimal(number).stripTrailingZeros();
    return decimal.scale() < -6 || decimal.scale() > 9
        ? decimal.toString()
        : decimal.toPlainString();
  }

  /** A number with at most some significant digits. */
  static String rounded(double value, int digits) {
    return plain(new BigDecimal(value).round(new MathContext(digits)).toString());
  }
}
