package nst.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * Runs a command in this JVM, which is much faster than starting a process. Tests of the launcher,
 * of signals and of the output of the JVM start processes.
 */
public final class InProcess {
  private InProcess() {}

  /** The result of a command. */
  public record Outcome(int exitCode, String out, String err) {}

  /** Runs a command and captures its output. Its Spark session is closed at the end. */
  public static synchronized Outcome run(String... arguments) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      CommandLine main =
          Main.commandLineFor(arguments).setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
      int exitCode = main.execute(arguments);
      return new Outcome(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
