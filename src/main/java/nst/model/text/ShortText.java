package nst.model.text;

/** Shortens user input for messages and tables. */
public final class ShortText {
  /** The longest value quoted in a message, in characters. */
  static final int VALUE = 200;

  /** The longest message, in characters. */
  static final int MESSAGE = 4096;

  private ShortText() {}

  /** Shortens a value to be quoted in a message. */
  public static String quoted(String value) {
    return cut(value, VALUE);
  }

  /** Shortens a message to be stored in a table. */
  public static String message(String message) {
    return cut(message, MESSAGE);
  }

  /**
   * The text, or if it is too long its beginning with its original length.
   *
   * @param length the longest result in characters, at least 40
   */
  public static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    String rest = "... (" + text.length() + " characters)";
    return begin(text, length - rest.length()) + rest;
  }

  /** The first {@code length} characters of a text, without splitting a surrogate pair. */
  public static String begin(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }
}
