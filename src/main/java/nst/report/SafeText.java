package nst.report;

import java.util.regex.Pattern;
import nst.model.Redactor;

/**
 * Text of the user's with what must not be told left out: a presigned URL's query is a credential,
 * and so is the part of a URI before the {@code @}.
 */
final class SafeText {
  private static final Pattern QUERY =
      Pattern.compile("(?<uri>[A-Za-z][A-Za-z0-9+.-]*://[^\\s?#\"'<>]*)[?#][^\\s\"'<>]*");

  private SafeText() {}

  /** The text, each URI in it without query, fragment and user info. */
  static String of(String text) {
    return QUERY.matcher(Redactor.of(text)).replaceAll("${uri}");
  }

  /** What follows the last slash of a URI: {@code kitten.jpg}. */
  static String name(String uri) {
    String path = of(uri).replaceAll("/+$", "");
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.isEmpty() ? path : name;
  }
}
