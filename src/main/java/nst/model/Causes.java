package nst.model;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an exception means to whoever started the program. */
public final class Causes {
  /** How Spark says which table it was writing; the operating system's words name no file. */
  private static final Pattern TABLE = Pattern.compile("writing rows to (\\S+?)\\.?(\\s|$)");

  private Causes() {}

  /**
   * One line: the words of the cause that knows most. That is our own exception, which names the
   * object and what was tried; else the innermost one.
   */
  public static String words(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && !(cause instanceof TransferException)) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    String line = message.lines().findFirst().orElse("").strip();
    if (cause instanceof OutOfMemoryError) {
      return "out of memory ("
          + line
          + ") with a heap of "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MB; set NST_HEAP to more (on a cluster spark.driver.memory)";
    }
    if (cause instanceof IOException && !(cause instanceof FileSystemException)) {
      line = table(thrown).map(uri -> "Cannot write " + uri + ": ").orElse("") + line;
    }
    // A file system's exception may have the file for its whole message, an error nothing at all.
    boolean saysLittle = line.isEmpty() || cause instanceof FileSystemException;
    return saysLittle || cause instanceof Error
        ? cause.getClass().getSimpleName() + (line.isEmpty() ? "" : ": " + line)
        : line;
  }

  private static Optional<String> table(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Matcher matcher = TABLE.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }
}
