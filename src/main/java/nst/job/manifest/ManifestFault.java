package nst.job.manifest;

import java.io.EOFException;
import java.io.IOException;
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
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      int start = message.indexOf(READING);
      if (start >= 0) {
        String file = message.substring(start + READING.length()).split("\\.?\\s", 2)[0];
        if (file.contains(path)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the data is damaged. Storage failures are IOExceptions, but so are a truncated file and
   * an error of a decompressor.
   */
  private static boolean isOfTheBytes(Throwable thrown) {
    Throwable innermost = thrown;
    boolean decoding = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      innermost = cause;
      decoding |= cause instanceof ParquetDecodingException;
    }
    return decoding || innermost instanceof EOFException || !(innermost instanceof IOException);
  }
}
