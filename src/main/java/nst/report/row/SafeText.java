package nst.report.row;

import nst.model.Redactor;
import nst.model.text.ShortText;

/**
 * Removes secrets from text of users: the query of a presigned URL is a credential, and so is the
 * part of a URI before the {@code @}.
 */
public final class SafeText {
  /** The largest number of characters of a text on the page; the tables contain the whole text. */
  static final int SHOWN = 4096;

  private static final String AUTHORITY = "://";

  private SafeText() {}

  /**
   * Removes query, fragment and user information from each URI in the text, and truncates text that
   * is too long for the page. The time is proportional to the length of the text.
   */
  public static String of(String given) {
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

  /** Whether the characters before a {@code ://} contain a letter that can begin a scheme. */
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

  /** The position of the next white space or of one of some characters, or the end of the text. */
  private static int end(String text, int from, String signs) {
    int i = from;
    while (i < text.length()
        && !Character.isWhitespace(text.charAt(i))
        && signs.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  /** The part of a URI after the last slash: {@code kitten.jpg}. */
  public static String name(String uri) {
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
