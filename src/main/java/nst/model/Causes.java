package nst.model;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns exceptions into messages for the user. */
public final class Causes {
  /**
   * Matches Spark's message for the table that it was writing. The operating system's message names
   * no file.
   */
  private static final Pattern TABLE = Pattern.compile("writing rows to (\\S+?)\\.?(\\s|$)");

  private Causes() {}

  /** Returns the exception and all its causes, from the outermost to the innermost. */
  public static Stream<Throwable> chain(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  /** Returns the innermost cause, which is the exception itself if it has no cause. */
  public static Throwable innermost(Throwable thrown) {
    return chain(thrown).reduce(thrown, (outer, cause) -> cause);
  }

  /**
   * The most informative message among the causes, in one line. That is the message of a {@link
   * TransferException}, which names the object and the operation, or else of the innermost cause.
   */
  public static String message(Throwable thrown) {
    Throwable cause =
        chain(thrown)
            .filter(each -> each instanceof TransferException || each.getCause() == null)
            .findFirst()
            .orElse(thrown);
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    if (cause instanceof OutOfMemoryError) {
      return "out of memory ("
          + line
          + ") with a heap of "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB; increase NST_HEAP (on a cluster spark.driver.memory)";
    }
    if (cause instanceof IOException && !(cause instanceof FileSystemException)) {
      line = table(thrown).map(uri -> "Cannot write " + uri + ": ").orElse("") + line;
    }
    // The message of a FileSystemException may be only the file name, and that of an Error may be
    // empty.
    boolean saysLittle = line.isEmpty() || cause instanceof FileSystemException;
    return saysLittle || cause instanceof Error
        ? cause.getClass().getSimpleName() + (line.isEmpty() ? "" : ": " + line)
        : line;
  }

  private static Optional<String> table(Throwable thrown) {
    return chain(thrown)
        .map(cause -> TABLE.matcher(String.valueOf(cause.getMessage())))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }
}
