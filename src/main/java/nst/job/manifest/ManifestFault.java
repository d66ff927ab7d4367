package nst.job.manifest;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import nst.model.Causes;
import nst.model.InvalidInputException;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * Distinguishes a manifest that cannot be decoded from a storage failure. Parquet detects damaged
 * data only when a task reads the rows, and Spark wraps that exception several times.
 */
public final class ManifestFault {
  /** The beginning of Spark's message for a file that cannot be read; the file's URI follows. */
  private static final String READING = "Encountered error while reading file ";

  private ManifestFault() {}

  /** Work that reads the manifest's rows. */
  public interface Work<T> {
    T done();
  }

  /**
   * Runs the work and translates failures to decode the manifest.
   *
   * @param manifest absolute URI
   * @throws InvalidInputException if a file of the manifest cannot be decoded
   */
  public static <T> T named(String manifest, Work<T> work) {
    try {
      return work.done();
    } catch (Exception e) { // Scala code throws checked exceptions without declaring them
      Optional<String> file = fileAtFault(e, manifest);
      if (file.isPresent() && isOfTheBytes(e)) {
        throw new InvalidInputException(
            file.get(), "", "expected a Parquet table, but " + Causes.words(e));
      }
      throw e;
    }
  }

  private static Optional<String> fileAtFault(Throwable thrown, String manifest) {
    String path = manifest.replaceFirst("^[a-z0-9]+:/*", "");
    return Causes.chain(thrown)
        .map(cause -> String.valueOf(cause.getMessage()))
        .filter(message -> message.contains(READING))
        .map(message -> message.substring(message.indexOf(READING) + READING.length()))
        .map(rest -> rest.split("\\.?\\s", 2)[0])
        .filter(file -> file.contains(path))
        .findFirst();
  }

  /**
   * Whether the data is damaged. Storage failures are IOExceptions, but so are a truncated file and
   * an error of a decompressor.
   */
  private static boolean isOfTheBytes(Throwable thrown) {
    List<Throwable> causes = Causes.chain(thrown).toList();
    Throwable innermost = causes.get(causes.size() - 1);
    return causes.stream().anyMatch(ParquetDecodingException.class::isInstance)
        || innermost instanceof EOFException
        || !(innermost instanceof IOException);
  }
}
