package nst.report;

import nst.model.Redactor;
import nst.model.ShortText;

/**
 * Text of the user's with what must not be told left out: a presigned URL's query is a credential,
 * and so is the part of a URI before the {@code @}.
 */
final class SafeText {
  /** Characters of a text that a page shows: it is for looking, the tables have the rest. */
  static final int SHOWN = 4096;

  private static final String AUTHORITY = "://";

  private SafeText() {}

  /**
   * The text, each URI in it without query, fragment and user info; cut where it is longer than a
   * page can show. Takes time in proportion to the text's length.
   */
  static String of(String given) {
    String text = Redactor.of(given);
    StringBuilder safe = new StringBuilder();
    int done = 0;
    for (int at = text.indexOf(AUTHORITY); at >= 0; at = text.indexOf(AUTHORITY, at)) {
      int begin = at + AUTHORITY.length();
      if (hasScheme(text, done, at)) {
        int pathEnd = end(text, begin, "?#\"'<>");
        safe.append(text, done, pathEnd);
        boolean query = pathEnd < text.length() && "?#".indexOf(text.charAt(pathEnd)) >= 0;
        done = query ? end(text, pathEnd, "\"'<>") : pathEnd;
        at = done;
      } else {
        at = begin;
      }
    }
    safe.append(text, done, text.length());
    return ShortText.cut(safe.toString(), SHOWN);
  }

  /** Whether the signs before a {@code ://} hold a letter that a scheme can begin with. */
  private static boolean hasScheme(String text, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      char sign = text.charAt(i);
      boolean letter = (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
      if (letter) {
        return true;
      }
      if ((sign < '0' || sign > '9') && "+.-".indexOf(sign) < 0) {
        return false;
      }
    }
    return false;
  }

  /** Where a white space or one of some signs is next, or the text ends. */
  private static int end(String text, int from, String signs) {
    int i = from;
    while (i < text.length()
        && !Character.isWhitespace(text.charAt(i))
        && signs.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  /** What follows the last slash of a URI: {@code kitten.jpg}. */
  static String name(String uri) {
    String safe = of(uri);
    int end = safe.length();
    while (end > 0 && safe.charAt(end - 1) == '/') {
      end--;
    }
    String path = safe.substring(0, end);
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() ? path : name;
  }
}
