package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests runs without a locale, as under cron, in containers and under Airflow. */
class LocaleIT {
  @TempDir Path folder;
  @TempDir Path scratch;

  @Test
  void aNameBeyondAsciiIsFoundUnderTheLocaleC() throws Exception {
    Path manifest =
        new TestCatalogue(folder)
            .picture("photo.png", 64, 48, 1)
            .picture("painting.png", 56, 56, 2)
            .row("a", "\u00e9\u5c71.png", "painting.png")
            .write();
    // Created by a shell, because this JVM may have a locale that cannot write the name.
    Path script =
        Files.write(
            scratch.resolve("rename.sh"),
            List.of("cd \"$1\" && mv photo.png \u00e9\u5c71.png"),
            StandardCharsets.UTF_8);
    Process rename =
        new ProcessBuilder("bash", script.toString(), folder.toString()).inheritIO().start();
    assertThat(rename.waitFor()).isZero();

    Command.Outcome outcome =
        Command.start(
                scratch,
                Map.of("LC_ALL", "C"),
                "run",
                manifest.toString(),
                "--output",
                scratch.resolve("out").toString(),
                "--image-size",
                "64",
                "--num-iterations",
                "2")
            .outcome();

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
  }
}
