package nst.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.model.Redactor;

/**
 * URIs as manifests write them: {@code s3://bucket/a photo.jpg}, {@code ../style.png}, {@code
 * /data/x.jpg}. Object names hold blanks and signs that {@link java.net.URI} refuses, so these are
 * text.
 */
public final class Uris {
  private static final Pattern SCHEME =
      Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):(.*)$", Pattern.DOTALL);

  private Uris() {}

  /**
   * The absolute form of {@code uri}, seen from a folder: {@code s3} becomes {@code s3a}, {@code .}
   * and {@code ..} are gone, a local path has the scheme {@code file}.
   *
   * @param folder absolute URI that relative ones are resolved against
   * @throws IllegalArgumentException where {@code ..} climbs above the root, or a control character
   *     or NUL, user information or a signed query is inside
   */
  public static String resolve(String folder, String uri) {
    if (uri.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("expected a URI without control characters");
    }
    if (!Redactor.isClean(uri)) {
      throw new IllegalArgumentException(
          "expected a URI without credentials (user information before an @, or a signed query), was "
              + Redactor.of(uri)
              + "; the store's credentials provider has the keys");
    }
    Matcher withScheme = SCHEME.matcher(uri);
    if (withScheme.matches()) {
      return normalized(withScheme.group(1), withScheme.group(2));
    }
    if (uri.startsWith("/")) {
      return normalized("file", uri);
    }
    Matcher base = SCHEME.matcher(folder);
    if (!base.matches()) {
      throw new IllegalArgumentException("expected an absolute folder, was " + folder);
    }
    return normalized(base.group(1), base.group(2) + "/" + uri);
  }

  /**
   * The absolute form of what somebody typed on a command line, seen from the working directory.
   */
  public static String absolute(String typed) {
    return resolve("file:" + System.getProperty("user.dir"), typed);
  }

  /** All before the last slash. */
  public static String folder(String uri) {
    return uri.substring(0, uri.lastIndexOf('/'));
  }

  /** All after the last slash. */
  public static String fileName(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** The scheme, in lower case; empty where there is none. */
  public static String scheme(String uri) {
    Matcher matcher = SCHEME.matcher(uri);
    return matcher.matches() ? matcher.group(1).toLowerCase(java.util.Locale.ROOT) : "";
  }

  /** Says why a URI with {@code %20} in it names another object than somebody may think. */
  public static final String PERCENT_HINT =
      "a URI is taken letter by letter, so %20 is no blank: write the name itself";

  /**
   * The URI as it was before somebody percent-encoded it, as Python's {@code Path.as_uri()} and
   * Spark's {@code _metadata.file_path} do.
   *
   * @return empty where it holds nothing that is percent-encoded
   */
  public static Optional<String> decoded(String uri) {
    if (uri.indexOf('%') < 0) {
      return Optional.empty();
    }
    try {
      String decoded = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
      return decoded.equals(uri) ? Optional.empty() : Optional.of(decoded);
    } catch (IllegalArgumentException e) { // a percent sign that is only that
      return Optional.empty();
    }
  }

  private static String normalized(String scheme, String rest) {
    String lower = scheme.toLowerCase(java.util.Locale.ROOT);
    String authority = "";
    String path = rest;
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
      path = slash < 0 ? "" : rest.substring(slash);
    }
    String normal = withoutDots(path);
    if (lower.equals("file")) {
      return "file:" + (normal.isEmpty() ? "/" : normal);
    }
    return (lower.equals("s3") || lower.equals("s3n") ? "s3a" : lower) + "://" + authority + normal;
  }

  private static String withoutDots(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.isEmpty()) {
          throw new IllegalArgumentException("expected a URI below its root, was " + path);
        }
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return parts.isEmpty() ? "" : "/" + String.join("/", parts);
  }

  /** A URI as people type it: a local file is its path. */
  public static String typed(String uri) {
    return uri.startsWith("file:") ? uri.substring("file:".length()) : uri;
  }
}
