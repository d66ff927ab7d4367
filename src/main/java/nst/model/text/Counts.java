package nst.model.text;

import java.util.Locale;

/** Numbers of things in messages: {@code 1 row}, {@code 2,000 rows}. */
public final class Counts {
  private Counts() {}

  /**
   * A number with its noun.
   *
   * @param noun in the singular; its plural ends in s
   */
  public static String of(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
