package nst.job.manifest;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import nst.model.Causes;
import nst.model.InvalidInputException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.spark.SparkThrowable;

/**
 * Distinguishes a damaged manifest from a storage failure. Parquet detects damaged data only when a
 * task reads the rows, and Spark wraps that exception several times.
 */
public final class ManifestFault {
  /** The message parameter of Spark's exceptions with the file that was read, as an encoded URI. */
  private static final String PATH = "path";

  private ManifestFault() {}

  /**
   * Thrown if a task cannot decode a file. Spark's own exception names the file only for some kinds
   * of damage.
   */
  static final class DamagedFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * Creates the exception.
     *
     * @param file encoded URI
     */
    DamagedFileException(String file, Exception cause) {
      super(cause);
      this.file = file;
    }

    /**
     * Creates the exception.
     *
     * @param file encoded URI
     * @param cause of a page that does not fit into memory
     */
    DamagedFileException(String file, OutOfMemoryError cause) {
      super("a page of it does not fit into memory: " + cause.getMessage());
      this.file = file;
    }
  }

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
            file.get(), "", "expected a Parquet table, but " + Causes.message(e));
      }
      throw e;
    }
  }

  private static Optional<String> fileAtFault(Throwable thrown, String manifest) {
    String path = new Path(manifest).toUri().getPath();
    return Causes.chain(thrown)
        .flatMap(cause -> file(cause).stream())
        .map(file -> new Path(URI.create(file)))
        .filter(file -> file.toUri().getPath().startsWith(path))
        .map(ManifestFiles::shown)
        .findFirst();
  }

  /** The file that a cause names. */
  private static Optional<String> file(Throwable cause) {
    if (cause instanceof DamagedFileException damaged) {
      return Optional.of(damaged.file);
    }
    return cause instanceof SparkThrowable spark && spark.getMessageParameters() != null
        ? Optional.ofNullable(spark.getMessageParameters().get(PATH))
        : Optional.empty();
  }

  /**
   * Whether the data is damaged. Storage failures are IOExceptions, but so are a truncated file, an
   * error of a decompressor, and what Parquet throws for some contradictions in a file.
   */
  private static boolean isOfTheBytes(Throwable thrown) {
    Throwable innermost = Causes.innermost(thrown);
    return Causes.chain(thrown).anyMatch(ParquetDecodingException.class::isInstance)
        || innermost instanceof EOFException
        || !(innermost instanceof IOException)
        || isThrownByParquet(thrown);
  }

  /** Whether the innermost cause was thrown by Parquet itself, and not by storage. */
  static boolean isThrownByParquet(Throwable thrown) {
    StackTraceElement[] trace = Causes.innermost(thrown).getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("org.apache.parquet.");
  }
}
