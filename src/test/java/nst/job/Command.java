package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import nst.cli.InProcess;

/** Runs {@code ./submit.sh} in a process, with its exit code and both output streams. */
final class Command {
  /** A process that runs longer hangs: every command is much faster, even on slow machines. */
  private static final long MINUTES = 20;

  private final Path folder;
  private final Process process;

  /** The result of a process. */
  record Outcome(int exitCode, String out, String err) {}

  private Command(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts a command.
   *
   * @param scratch a folder for its output and its log
   */
  static Command start(Path scratch, String... arguments) {
    return startIn(Path.of(""), scratch, arguments);
  }

  /** Starts a command with additional environment variables. */
  static Command start(Path scratch, Map<String, String> environment, String... arguments) {
    return startIn(Path.of(""), scratch, environment, arguments);
  }

  /**
   * Starts a command in another folder than the repository's.
   *
   * @param directory the working directory
   * @param scratch a folder for its output and its log
   */
  static Command startIn(Path directory, Path scratch, String... arguments) {
    return startIn(directory, scratch, Map.of(), arguments);
  }

  private static Command startIn(
      Path directory, Path scratch, Map<String, String> environment, String... arguments) {
    try {
      Path folder = Files.createTempDirectory(scratch, "command");
      Path submit = Path.of("submit.sh").toAbsolutePath();
      List<String> command = new ArrayList<>(List.of("bash", submit.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(directory.toAbsolutePath().toFile());
      builder
          .environment()
          .put("NST_SKIP_BUILD", "1"); // Maven has just built it and is still running
      builder.environment().put("NST_LOG_DIR", folder.resolve("logs").toString());
      builder.environment().remove("SPARK_HOME");
      builder.environment().put("SPARK_SCALA_VERSION", "2.12"); // for local-cluster's workers
      builder.environment().putAll(environment);
      builder.redirectOutput(folder.resolve("out").toFile());
      builder.redirectError(folder.resolve("err").toFile());
      return new Command(folder, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command in this JVM, for tests that need no process. */
  static Outcome here(String... arguments) {
    TestSpark.stop();
    InProcess.Outcome outcome = InProcess.run(arguments);
    return new Outcome(outcome.exitCode(), outcome.out(), outcome.err());
  }

  /**
   * Runs a command in this JVM with these system properties, for example those of Spark's driver on
   * a cluster.
   */
  static Outcome here(Map<String, String> properties, String... arguments) {
    Properties before = (Properties) System.getProperties().clone();
    try {
      properties.forEach(System::setProperty);
      return here(arguments);
    } finally {
      System.setProperties(before);
    }
  }

  static Outcome run(Path scratch, String... arguments) {
    return start(scratch, arguments).outcome();
  }

  /** Sends SIGKILL, so that the process cannot clean up. */
  void kill() {
    process.destroyForcibly();
    outcome();
  }

  Process process() {
    return process;
  }

  Outcome outcome() {
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + MINUTES + " minutes: " + text("err"));
      }
      return new Outcome(process.exitValue(), text("out"), text("err"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Returns what the process has written to its log so far. */
  String log() {
    return Files.exists(folder.resolve("logs/nst.log")) ? text("logs/nst.log") : "";
  }

  private String text(String stream) {
    try {
      return Files.readString(folder.resolve(stream), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
