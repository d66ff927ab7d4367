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
import java.util.stream.Stream;
import nst.model.ErrorCode;
import nst.model.Setting;
import nst.model.TransferException;

/**
 * The URIs that rows may read. A manifest is untrusted input: it must not be able to make the job
 * open {@code file:///etc/passwd} or a metadata address. The job never connects to a URI that is
 * not allowed.
 *
 * <p>Planning checks {@link #allows}. {@link HadoopObjectStore#within(UriPolicy,
 * org.apache.hadoop.conf.Configuration)} checks again at each read, because a file may have been
 * replaced by a link.
 *
 * @param prefixes absolute URIs of folders, as configured
 * @param folders the real paths of the local folders when the policy was created, with all links
 *     resolved. A folder that is replaced by a link later gives no access to other files
 * @param trusted absolute URIs from the configuration and the command line, which may be read
 *     anywhere
 */
public record UriPolicy(List<String> prefixes, List<String> folders, List<String> trusted)
    implements Serializable {
  private static final String FILE = "file";
  private static final List<String> SCHEMES = List.of(FILE, "s3a", "hdfs");

  public UriPolicy {
    prefixes = List.copyOf(prefixes);
    folders = List.copyOf(folders);
    trusted = List.copyOf(trusted);
  }

  /** Creates a policy for these folders and resolves their links now. */
  public UriPolicy(List<String> prefixes) {
    this(
        prefixes,
        prefixes.stream().filter(UriPolicy::isFile).map(UriPolicy::real).toList(),
        List.of());
  }

  /**
   * The default policy, extended by the configuration.
   *
   * @param manifest absolute URI; its folder is allowed, or on S3 its bucket
   * @param more further folders, separated by commas
   */
  public static UriPolicy of(String manifest, String more) {
    List<String> prefixes = new ArrayList<>();
    prefixes.add(isFile(manifest) ? Uris.folder(manifest) : bucket(manifest));
    Arrays.stream(more.split(",", -1))
        .map(String::strip)
        .filter(prefix -> !prefix.isEmpty())
        .map(prefix -> UserUri.absolute(Setting.ALLOWED_PREFIXES.key(), prefix))
        .forEach(prefixes::add);
    return new UriPolicy(prefixes);
  }

  /** The same policy that also allows these objects. */
  public UriPolicy trusting(List<String> uris) {
    return new UriPolicy(
        prefixes, folders, Stream.concat(trusted.stream(), uris.stream()).toList());
  }

  /** The same policy that also allows what is in or below this folder. */
  public UriPolicy allowing(String folder) {
    UriPolicy other = new UriPolicy(List.of(folder));
    return new UriPolicy(
        Stream.concat(prefixes.stream(), other.prefixes.stream()).toList(),
        Stream.concat(folders.stream(), other.folders.stream()).toList(),
        trusted);
  }

  /** Whether a row could read a URI of this scheme. */
  public static boolean isSupported(String uri) {
    return SCHEMES.contains(Uris.scheme(uri));
  }

  /** Whether this absolute, normalised URI is in an allowed folder. */
  boolean allows(String uri) {
    if (!isSupported(uri)) {
      return false;
    }
    return isFile(uri)
        ? folderOf(Uris.path(real(uri))).isPresent()
        : prefixes.stream().anyMatch(prefix -> uri.startsWith(asFolder(prefix)));
  }

  /**
   * Checks that a URI may be read.
   *
   * @throws TransferException URI_NOT_ALLOWED if not
   */
  void require(String uri) {
    if (!trusted.contains(uri) && !allows(uri)) {
      throw refused(uri);
    }
  }

  /** The failure of a row that names a URI that is not allowed. */
  TransferException refused(String uri) {
    return new TransferException(
        ErrorCode.URI_NOT_ALLOWED, "Cannot read " + uri + ": " + expected(uri, uri));
  }

  /**
   * The allowed folder that contains a local file; empty if there is none.
   *
   * @param file with all links resolved
   */
  Optional<Path> folderOf(Path file) {
    List<Path> real = new ArrayList<>();
    folders.forEach(folder -> real.add(Uris.path(folder)));
    for (String prefix : prefixes) {
      // The real path may differ on another machine, so the configured path also counts, unless it
      // is a link here.
      if (isFile(prefix) && real(prefix).equals(prefix)) {
        real.add(Uris.path(prefix));
      }
    }
    return real.stream()
        .filter(folder -> file.startsWith(folder) && !file.equals(folder))
        .findFirst();
  }

  private static boolean isFile(String uri) {
    return Uris.scheme(uri).equals(FILE);
  }

  /**
   * The message for a URI that may not be read, with advice; empty if it may be read.
   *
   * @param uri absolute and normalised
   * @param typed as written in the manifest
   */
  public Optional<String> refusal(String uri, String typed) {
    return (isSupported(uri) && trusted.contains(uri)) || allows(uri)
        ? Optional.empty()
        : Optional.of(expected(uri, typed));
  }

  private String expected(String uri, String typed) {
    if (!isSupported(uri)) {
      return "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs, was "
          + typed
          + (typed.contains("://") ? "" : ". Begin a relative path that has a colon with ./");
    }
    String hint =
        Uris.decoded(uri).filter(this::allows).isPresent() ? "; " + Uris.PERCENT_HINT : "";
    return "expected a URI below "
        + String.join(" or ", prefixes)
        + " after resolving links, was "
        + typed
        + hint
        + "; to allow another folder, add it to uri.allowed_prefixes";
  }

  private static String asFolder(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** The URI of a local file with the links in the existing part of its path resolved. */
  private static String real(String uri) {
    Path path = Uris.path(uri);
    for (Path there = path; there != null; there = there.getParent()) {
      if (Files.exists(there)) {
        try {
          return FILE + ":" + there.toRealPath().resolve(there.relativize(path)).normalize();
        } catch (IOException e) {
          throw new UncheckedIOException("Cannot resolve " + uri, e);
        }
      }
    }
    return uri;
  }

  private static String bucket(String uri) {
    int authority = uri.indexOf("://") + 3;
    int slash = uri.indexOf('/', authority);
    return slash < 0 ? uri : uri.substring(0, slash);
  }
}
