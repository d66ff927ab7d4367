package nst.job.manifest;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.model.InvalidInputException;
import nst.model.Redactor;
import nst.model.TransferRequest;
import nst.storage.Uris;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * The files of a manifest, in the order of their names: the manifest's own file, or every file
 * below its folder. Names are taken as they are; none is a pattern.
 */
record ManifestFiles(List<File> files) {
  /** What Hive and Spark write for a null in a folder's name. */
  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  private static final String SKIPPED =
      "Spark skips files and folders whose names begin with _ or a dot";

  /**
   * A file.
   *
   * @param path absolute
   * @param bytes its length
   * @param modified milliseconds since 1970
   * @param folders values that folders below the manifest's own give all of its rows: {@code
   *     album=summer}. Text as it is in the name; null for Hive's null
   */
  record File(Path path, long bytes, long modified, Map<String, String> folders) {}

  ManifestFiles {
    files = List.copyOf(files);
  }

  /**
   * Lists the files of a manifest.
   *
   * @param uri absolute
   * @throws InvalidInputException where there are none, or they cannot be listed
   */
  static ManifestFiles of(String uri, Configuration hadoop) {
    Path root = new Path(uri);
    List<File> files = new ArrayList<>();
    boolean skipped = false;
    try {
      FileSystem system = root.getFileSystem(hadoop);
      FileStatus own = system.getFileStatus(root);
      RemoteIterator<LocatedFileStatus> found = system.listFiles(root, true);
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        List<String> names = below(own, file.getPath());
        if (names.stream().anyMatch(ManifestFiles::isSkipped)) {
          skipped = true;
        } else {
          files.add(
              new File(
                  file.getPath(),
                  file.getLen(),
                  file.getModificationTime(),
                  folders(names.subList(0, names.size() - 1))));
        }
      }
    } catch (FileNotFoundException e) {
      throw new InvalidInputException(
          uri,
          "",
          "expected a Parquet table, is not there"
              + Uris.decoded(uri).map(decoded -> "; " + Uris.PERCENT_HINT).orElse(""));
    } catch (UnsupportedFileSystemException e) {
      throw new InvalidInputException(
          uri, "", "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs");
    } catch (IOException | IllegalArgumentException e) {
      String words = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      throw new InvalidInputException(uri, "", "expected a Parquet table, but " + words);
    }
    if (files.isEmpty()) {
      throw new InvalidInputException(
          uri,
          "",
          "expected a Parquet file or a folder of them, "
              + (skipped ? "but " + SKIPPED + "; give it another name" : "is an empty folder"));
    }
    files.sort(Comparator.comparing(file -> file.path().toString()));
    return new ManifestFiles(files);
  }

  /** The names from the manifest down to a file: of a file that is the manifest its own name. */
  private static List<String> below(FileStatus manifest, Path file) {
    List<String> names = new ArrayList<>();
    Path path = file;
    while (names.isEmpty() || !path.equals(manifest.getPath())) {
      names.add(0, path.getName());
      if (manifest.isFile()) {
        break;
      }
      path = path.getParent();
    }
    return names;
  }

  private static boolean isSkipped(String name) {
    return (name.startsWith("_") && !name.contains("="))
        || name.startsWith(".")
        || name.endsWith("._COPYING_");
  }

  private static Map<String, String> folders(List<String> names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      int equals = name.indexOf('=');
      if (equals > 0) {
        String value = unescaped(name.substring(equals + 1));
        values.put(unescaped(name.substring(0, equals)), value.equals(NULL_FOLDER) ? null : value);
      }
    }
    return values;
  }

  /** Hive and Spark write signs that a folder's name cannot hold as {@code %3A}. */
  private static String unescaped(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name; // a lone % is a sign like others
    }
  }

  /** A file as messages name it. */
  static String shown(Path file) {
    return Redactor.of(file.toString());
  }

  /** SHA-256 of names, lengths and times: another one is another manifest. */
  String digest() {
    StringBuilder text = new StringBuilder();
    for (File file : files) {
      text.append(file.path().toUri()).append(' ').append(file.bytes()).append(' ');
      text.append(file.modified()).append('\n');
    }
    return TransferRequest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
