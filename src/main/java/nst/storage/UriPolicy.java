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
import nst.model.ErrorCode;
import nst.model.Setting;
import nst.model.TransferException;

/**
 * Which URIs rows may read. A manifest is input: it must not be able to make the job open {@code
 * file:///etc/passwd} or a metadata address. No connection is made to a URI that is not allowed.
 *
 * <p>Planning asks {@link #allows}. Reading asks again, through {@link
 * HadoopObjectStore#within(UriPolicy, org.apache.hadoop.conf.Configuration)}: a file may have
 * become a link since.
 *
 * @param prefixes absolute URIs of folders, as they were given
 * @param folders where those of this machine's files really were when the policy was made, with
 *     every link followed: a folder that becomes a link later leads nowhere else
 * @param trusted absolute URIs that may be read wherever they lie: what the configuration names
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

  /** The policy of these folders, which are looked at now. */
  public UriPolicy(List<String> prefixes) {
    this(
        prefixes,
        prefixes.stream().filter(UriPolicy::isFile).map(UriPolicy::real).toList(),
        List.of());
  }

  /**
   * The default policy, widened by the configuration.
   *
   * @param manifest absolute URI; its folder is allowed, on S3 its whole bucket
   * @param more folders, separated by commas
   */
  public static UriPolicy of(String manifest, String more) {
    List<String> prefixes = new ArrayList<>();
    prefixes.add(isFile(manifest) ? Uris.folder(manifest) : bucket(manifest));
    Arrays.stream(more.split(",", -1))
        .map(String::strip)
        .filter(prefix -> !prefix.isEmpty())
        .map(prefix -> TypedUri.absolute(Setting.ALLOWED_PREFIXES.key(), prefix))
        .forEach(prefixes::add);
    return new UriPolicy(prefixes);
  }

  /** The same policy, and this one object besides; none where the URI is empty. */
  public UriPolicy trusting(String uri) {
    return new UriPolicy(prefixes, folders, uri.isEmpty() ? List.of() : List.of(uri));
  }

  /** Whether this absolute, normalised URI lies in an allowed folder. */
  public boolean allows(String uri) {
    if (!SCHEMES.contains(Uris.scheme(uri))) {
      return false;
    }
    return isFile(uri)
        ? folderOf(LocalObjectStore.path(real(uri))).isPresent()
        : prefixes.stream().anyMatch(prefix -> uri.startsWith(asFolder(prefix)));
  }

  /**
   * Asks {@link #allows}, at the moment of reading.
   *
   * @throws TransferException URI_NOT_ALLOWED
   */
  void require(String uri) {
    if (!trusted.contains(uri) && !allows(uri)) {
      throw refused(uri);
    }
  }

  /** The failure of a row that asks for more. */
  TransferException refused(String uri) {
    return new TransferException(
        ErrorCode.URI_NOT_ALLOWED, "Cannot read " + uri + ": " + expected(uri, uri));
  }

  /**
   * The allowed folder that holds a file of this machine.
   *
   * @param file with every link followed
   */
  Optional<Path> folderOf(Path file) {
    List<Path> real = new ArrayList<>();
    folders.forEach(folder -> real.add(LocalObjectStore.path(folder)));
    for (String prefix : prefixes) {
      // Another machine may reach the same folder by another way. A link that was none before
      // does not count.
      if (isFile(prefix) && real(prefix).equals(prefix)) {
        real.add(LocalObjectStore.path(prefix));
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
   * Why a URI may not be read, with what to do; empty where it may.
   *
   * @param uri absolute and normalised
   * @param typed as the manifest has it
   */
  public Optional<String> refusal(String uri, String typed) {
    return allows(uri) ? Optional.empty() : Optional.of(expected(uri, typed));
  }

  private String expected(String uri, String typed) {
    if (!SCHEMES.contains(Uris.scheme(uri))) {
      return "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs, was "
          + typed
          + (typed.contains("://") ? "" : "; a relative path with a colon begins with ./");
    }
    String hint =
        Uris.decoded(uri).filter(this::allows).isPresent() ? "; " + Uris.PERCENT_HINT : "";
    return "expected a URI below "
        + String.join(" or ", prefixes)
        + ", every link followed, was "
        + typed
        + hint
        + "; allow more with uri.allowed_prefixes";
  }

  private static String asFolder(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** The URI of a local file with every link followed, as far as anything is there. */
  private static String real(String uri) {
    Path path = LocalObjectStore.path(uri);
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
