package nst.storage;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which URIs rows may read. A manifest is input: it must not be able to make the job open {@code
 * file:///etc/passwd} or a metadata address. No connection is made to a URI that is not allowed.
 *
 * @param prefixes absolute URIs of folders
 */
public record UriPolicy(List<String> prefixes) implements Serializable {
  private static final List<String> SCHEMES = List.of("file", "s3a", "hdfs");

  public UriPolicy {
    prefixes = List.copyOf(prefixes);
  }

  /**
   * The default policy, widened by the configuration.
   *
   * @param manifest absolute URI; its folder is allowed, on S3 its whole bucket
   * @param more folders, separated by commas
   */
  public static UriPolicy of(String manifest, String more) {
    List<String> prefixes = new ArrayList<>();
    prefixes.add(Uris.scheme(manifest).equals("file") ? Uris.folder(manifest) : bucket(manifest));
    Arrays.stream(more.split(",", -1))
        .map(String::strip)
        .filter(prefix -> !prefix.isEmpty())
        .map(Uris::absolute)
        .forEach(prefixes::add);
    return new UriPolicy(prefixes);
  }

  /** Whether this absolute, normalised URI lies in an allowed folder. */
  public boolean allows(String uri) {
    if (!SCHEMES.contains(Uris.scheme(uri))) {
      return false;
    }
    String real = Uris.scheme(uri).equals("file") ? realFile(uri) : uri;
    return prefixes.stream().anyMatch(prefix -> real.startsWith(asFolder(prefix)));
  }

  /**
   * Why a URI may not be read, with what to do; empty where it may.
   *
   * @param uri absolute and normalised
   * @param typed as the manifest has it
   */
  public Optional<String> refusal(String uri, String typed) {
    if (allows(uri)) {
      return Optional.empty();
    }
    String shown = Uris.withoutSecrets(typed);
    if (!SCHEMES.contains(Uris.scheme(uri))) {
      return Optional.of(
          "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs, was "
              + shown
              + (typed.contains("://") ? "" : "; a relative path with a colon begins with ./"));
    }
    String hint =
        Uris.decoded(uri).filter(this::allows).isPresent() ? "; " + Uris.PERCENT_HINT : "";
    return Optional.of(
        "expected a URI below "
            + String.join(" or ", prefixes)
            + ", was "
            + shown
            + hint
            + "; allow more with uri.allowed_prefixes");
  }

  private static String asFolder(String prefix) {
    String real = Uris.scheme(prefix).equals("file") ? realFile(prefix) : prefix;
    return real.endsWith("/") ? real : real + "/";
  }

  /** A link inside an allowed folder must not lead out of it. */
  private static String realFile(String uri) {
    Path path = LocalObjectStore.path(uri);
    try {
      return Files.exists(path) ? "file:" + path.toRealPath() : uri;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot resolve " + uri, e);
    }
  }

  private static String bucket(String uri) {
    int authority = uri.indexOf("://") + 3;
    int slash = uri.indexOf('/', authority);
    return slash < 0 ? uri : uri.substring(0, slash);
  }
}
