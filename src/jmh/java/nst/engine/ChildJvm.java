package nst.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a benchmark command in a JVM of its own, so that its largest resident memory is that of this
 * measurement alone.
 */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Runs {@code nst.benchmark.Main} and returns the last line of its standard output.
   *
   * @param heapMegabytes the largest heap
   * @throws IllegalStateException if the exit code is not 0
   */
  static String lastLine(long heapMegabytes, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-Xms16m",
                "-Xmn16m", // large arrays go to the old generation at once, so the heap grows only
                // by what is still in use
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "nst.benchmark.Main"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", command) + " ended with exit code " + code);
    }
    List<String> lines = output.lines().toList();
    return lines.get(lines.size() - 1);
  }
}
