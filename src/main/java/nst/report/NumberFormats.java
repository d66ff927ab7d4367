package nst.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats numbers and times for people, independent of the locale. */
final class NumberFormats {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private NumberFormats() {}

  /** {@code 48,211}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Three significant digits: {@code 0.0123}, {@code 1,250}, {@code 3.1e7}. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return scientific(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
    if (rounded.scale() > 0) {
      return rounded.toPlainString();
    }
    return count(rounded.longValueExact());
  }

  private static String scientific(double value) {
    String[] parts = String.format(Locale.ROOT, "%.2e", value).split("e", 2);
    String mantissa = new BigDecimal(parts[0]).stripTrailingZeros().toPlainString();
    return mantissa + "e" + Integer.parseInt(parts[1]);
  }

  /** {@code 850 ms}, {@code 14.2 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
  static String duration(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    double seconds = millis / 1000.0;
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    long minutes = Math.round(seconds / 60);
    return String.format(Locale.ROOT, "%s h %02d min", count(minutes / 60), minutes % 60);
  }

  /** {@code 12.5 %}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  static String moment(Instant instant) {
    return MOMENT.format(instant);
  }

  /** An amount in the user's currency: {@code 1,234.50}. */
  static String money(double amount) {
    return String.format(Locale.ROOT, amount < 1 ? "%,.3f" : "%,.2f", amount);
  }
}
