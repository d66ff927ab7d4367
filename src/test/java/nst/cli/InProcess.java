package nst.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * Runs a command in this JVM, which is much faster than starting a process. Tests of the launcher,
 * of signals and of the output of the JVM start processes.
 */
public final class InProcess {
  private InProcess() {}

  /** The result of a command. */
  public record Outcome(int exitCode, String out, String err) {}

  /** Runs a command and captures its output. Its Spark session is closed at the end. */
  public static Outcome run(String... arguments) {
    return captured(
        () ->
            Main.commandLineFor(arguments)
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .execute(arguments));
  }

  /** Captures what a command writes. */
  static synchronized Outcome captured(IntSupplier command) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int exitCode = command.getAsInt();
      return new Outcome(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
