package nst.model;

/** Text of a user's, short enough for messages and tables. */
public final class ShortText {
  /** Characters of a value that a message quotes. */
  static final int VALUE = 200;

  /** Characters of a message. */
  public static final int MESSAGE = 4096;

  private ShortText() {}

  /** A value as a message quotes it. */
  public static String quoted(String value) {
    return cut(value, VALUE);
  }

  /** A message as tables hold it. */
  public static String message(String message) {
    return cut(message, MESSAGE);
  }

  /**
   * The text, or its beginning and how long it was.
   *
   * @param length characters of the result, at most; at least 40
   */
  public static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    String rest = "... (" + text.length() + " characters)";
    return begin(text, length - rest.length()) + rest;
  }

  /** The first characters of a text, at most so many, and no half of a surrogate pair. */
  public static String begin(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
