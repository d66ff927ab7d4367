package nst.job.publish;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern for the names of published pictures, such as <code>{stem}-{style}.{ext}</code>. Each
 * name in braces stands for a value of the row. Slashes in the pattern make folders; a slash in a
 * value does not.
 */
final class NameTemplate implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The file system with the least room for a name: ext4 and most others allow 255 bytes. */
  private static final int MAX_BYTES = 255;

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}/]*)\\}");

  /** What cannot be in the name of a file: a slash, or what Windows forbids. */
  private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}/\\\\:*?\"<>|]");

  private final String text;

  private NameTemplate(String text) {
    this.text = text;
  }

  /**
   * Parses a pattern.
   *
   * @throws IllegalArgumentException if the pattern is not the name of a file, or if its braces are
   *     not closed
   */
  static NameTemplate parse(String text) {
    NameTemplate template = new NameTemplate(text);
    String rest = PLACEHOLDER.matcher(text).replaceAll("x");
    if (rest.contains("{") || rest.contains("}")) {
      throw new IllegalArgumentException("expected a name in each pair of braces, was " + text);
    }
    for (String part : parts(rest)) {
      requireName(part);
    }
    if (FORBIDDEN.matcher(rest.replace("/", "")).find()) {
      throw new IllegalArgumentException(
          "expected a name without control characters and \\ : * ? \" < > |, was " + text);
    }
    return template;
  }

  /** The names in braces. */
  Set<String> placeholders() {
    Set<String> names = new TreeSet<>();
    PLACEHOLDER.matcher(text).results().forEach(match -> names.add(match.group(1)));
    return names;
  }

  /**
   * The name of a picture. In values, characters that a file name cannot have are replaced by
   * {@code _}.
   *
   * @param values a value for each placeholder; null if the row has none
   * @throws IllegalArgumentException if a value is missing, or if the result is not a name
   */
  String name(Map<String, String> values) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder name = new StringBuilder();
    while (matcher.find()) {
      String value = values.get(matcher.group(1));
      if (value == null) {
        throw new IllegalArgumentException(
            "expected a value for {" + matcher.group(1) + "}, was none");
      }
      matcher.appendReplacement(
          name, Matcher.quoteReplacement(FORBIDDEN.matcher(value).replaceAll("_")));
    }
    matcher.appendTail(name);
    for (String part : parts(name.toString())) {
      requireName(part);
      int bytes = part.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        throw new IllegalArgumentException(
            "expected a name of at most " + MAX_BYTES + " bytes, has " + bytes + ": " + part);
      }
    }
    return name.toString();
  }

  private static String[] parts(String path) {
    return path.split("/", -1);
  }

  private static void requireName(String part) {
    if (part.isBlank() || part.startsWith(".")) {
      throw new IllegalArgumentException(
          "expected a name that is not blank and does not begin with a dot, was '" + part + "'");
    }
  }
}
