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
import nst.job.source.TableFormat;
import nst.model.InvalidInputException;
import nst.model.Redactor;
import nst.model.text.Sha256;
import nst.storage.Uris;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * The files of a manifest, sorted by name: either one file, or all files below a folder. Names are
 * literal; wildcards are not expanded.
 */
record ManifestFiles(List<File> files) {
  /** Hive's and Spark's folder name for a null value. */
  private static final String NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

  private static final String SKIPPED =
      "Spark skips files and folders whose names begin with _ or a dot";

  /**
   * One file of a manifest.
   *
   * @param path absolute
   * @param bytes its size
   * @param modified milliseconds since 1970
   * @param folders the partition values of all its rows, from the names of its folders: {@code
   *     album=summer}. They are text, or null for Hive's null
   */
  record File(Path path, long bytes, long modified, Map<String, String> folders) {}

  ManifestFiles {
    files = List.copyOf(files);
  }

  /**
   * Lists the files of a manifest.
   *
   * @param uri absolute
   * @throws InvalidInputException if there are none, or they cannot be listed
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
          TableFormat.EXPECTED
              + ", found no such file or folder"
              + Uris.decoded(uri).map(decoded -> "; " + Uris.PERCENT_HINT).orElse(""));
    } catch (UnsupportedFileSystemException e) {
      throw new InvalidInputException(
          uri, "", "expected a path or a URI of the scheme file, s3a (also s3, s3n) or hdfs");
    } catch (IOException | IllegalArgumentException e) {
      String words = String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      throw new InvalidInputException(uri, "", TableFormat.EXPECTED + ", but " + words);
    }
    if (files.isEmpty()) {
      throw new InvalidInputException(
          uri,
          "",
          TableFormat.EXPECTED
              + " or a folder of such files, "
              + (skipped ? "but " + SKIPPED + "; rename them" : "was an empty folder"));
    }
    files.sort(Comparator.comparing(file -> file.path().toString()));
    return new ManifestFiles(files);
  }

  /**
   * The path elements of a file below the manifest's folder; only the file's name if the manifest
   * is that file.
   */
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

  /** Decodes characters that Hive and Spark escape in folder names, such as {@code %3A}. */
  private static String unescaped(String name) {
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return name; // a literal %
    }
  }

  /** The path of a file for messages. */
  static String shown(Path file) {
    return Redactor.of(file.toString());
  }

  /** The size of all files together. */
  long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }

  /** SHA-256 of names, sizes and modification times. It changes if the manifest changes. */
  String digest() {
    StringBuilder text = new StringBuilder();
    for (File file : files) {
      text.append(file.path().toUri()).append(' ').append(file.bytes()).append(' ');
      text.append(file.modified()).append('\n');
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
