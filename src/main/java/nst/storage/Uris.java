package nst.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.model.Redactor;

/**
 * URIs as written in manifests: {@code s3://bucket/a photo.jpg}, {@code ../style.png}, {@code
 * /data/x.jpg}. They are strings, because object names may contain spaces and characters that
 * {@link java.net.URI} rejects.
 */
public final class Uris {
  private static final Pattern SCHEME =
      Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):(.*)$", Pattern.DOTALL);

  private Uris() {}

  /**
   * Makes {@code uri} absolute and normalises it: {@code s3} becomes {@code s3a}, {@code .} and
   * {@code ..} are removed, and a local path gets the scheme {@code file}.
   *
   * @param folder absolute URI against which a relative one is resolved
   * @throws IllegalArgumentException if {@code ..} leads above the root, or if the URI contains a
   *     control character, user information or a signed query
   */
  public static String resolve(String folder, String uri) {
    if (uri.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("expected a URI without control characters");
    }
    if (!Redactor.isClean(uri)) {
      throw new IllegalArgumentException(
          "expected a URI without credentials (user information before an @, or a signed query), was "
              + Redactor.of(uri)
              + ". Configure a credentials provider for the store instead");
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

  /** Resolves a URI from a command line against the working directory. */
  public static String absolute(String typed) {
    return resolve("file:" + System.getProperty("user.dir"), typed);
  }

  /** The part before the last slash. */
  public static String folder(String uri) {
    return uri.substring(0, uri.lastIndexOf('/'));
  }

  /** The part after the last slash. */
  public static String fileName(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  /** The file name without its extension. A name that only begins with a dot has none. */
  public static String stem(String uri) {
    String name = fileName(uri);
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }

  /** The scheme in lower case; empty if there is none. */
  public static String scheme(String uri) {
    Matcher matcher = SCHEME.matcher(uri);
    return matcher.matches() ? matcher.group(1).toLowerCase(java.util.Locale.ROOT) : "";
  }

  /** Advice for URIs that contain {@code %20}. */
  public static final String PERCENT_HINT =
      "URIs are not percent-decoded, so %20 is not a space: write the name as it is";

  /**
   * Percent-decodes a URI. Python's {@code Path.as_uri()} and Spark's {@code _metadata.file_path},
   * for example, encode them.
   *
   * @return empty if nothing in it is percent-encoded
   */
  public static Optional<String> decoded(String uri) {
    if (uri.indexOf('%') < 0) {
      return Optional.empty();
    }
    try {
      String decoded = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
      return decoded.equals(uri) ? Optional.empty() : Optional.of(decoded);
    } catch (IllegalArgumentException e) { // a literal percent sign
      return Optional.empty();
    }
  }

  /**
   * The end of the message for a missing object, if its name looks percent-encoded; otherwise
   * empty.
   */
  static String hint(String uri) {
    return decoded(uri).isPresent() ? "; " + PERCENT_HINT : "";
  }

  /** The path of a local file's URI. */
  static Path path(String uri) {
    return Path.of(uri.substring("file:".length()));
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

  /** A URI as users write it: for a local file only the path. */
  public static String display(String uri) {
    return uri.startsWith("file:") ? uri.substring("file:".length()) : uri;
  }
}
