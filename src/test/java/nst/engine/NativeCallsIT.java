package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Checks how often one evaluation of the default preset calls libtorch through JNI. A process of
 * its own counts, because it has to load DJL's classes itself.
 */
class NativeCallsIT {
  /** The goal; one evaluation of an objective that is not fused makes 402 calls in float32. */
  private static final int CALLS = 10;

  @Test
  void anEvaluationMakesFewCalls() throws IOException, InterruptedException {
    String printed = printed();
    assertThat(calls(printed, "float32")).isLessThanOrEqualTo(CALLS);
    assertThat(calls(printed, "bfloat16")).isLessThanOrEqualTo(CALLS);
  }

  private static int calls(String printed, String precision) {
    Matcher line = Pattern.compile(precision + ": (\\d+) native calls").matcher(printed);
    assertThat(line.find()).as(printed).isTrue();
    return Integer.parseInt(line.group(1));
  }

  private static String printed() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "nst.benchmark.Main",
                "calls",
                "--size=32",
                "--repeats=1")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
