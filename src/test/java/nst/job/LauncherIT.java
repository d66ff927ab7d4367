package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code submit.sh} when it is called from different folders and through links. */
class LauncherIT {
  @TempDir Path folder;

  @Test
  void worksThroughALinkToALinkFromAnotherFolder() throws Exception {
    Path real = Path.of("submit.sh").toAbsolutePath();
    Path elsewhere = Files.createDirectory(folder.resolve("bin"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("first"), real);
    Files.createSymbolicLink(folder.resolve("nst"), folder.relativize(link)); // relative

    Words words = start(Map.of("NST_SKIP_BUILD", "1"), "./nst", "presets", "--json");

    assertThat(words.exitCode()).as(words.text()).isZero();
    assertThat(words.text()).contains("balanced");
  }

  @Test
  void namesTheVariableOfAHeapThatIsTooSmall() {
    Command.Outcome outcome = Command.start(folder, Map.of("NST_HEAP", "200m"), "doctor").outcome();
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("which Spark needs").contains("set NST_HEAP");
  }

  @Test
  void refusesAHeapThatIsNoSize() {
    Command.Outcome outcome =
        Command.start(folder, Map.of("NST_HEAP", "2 GB"), "presets").outcome();
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("Cannot start: expected NST_HEAP like 2g or 1500m, was 2 GB.\n");
  }

  @Test
  void refusesAnOldJavaInOneSentence() throws IOException {
    Path home = Files.createDirectories(folder.resolve("jdk-11"));
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");

    Command.Outcome outcome =
        Command.start(folder, Map.of("JAVA_HOME", home.toString()), "presets").outcome();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains(java + " is Java 11.0.2; nst needs a JDK 17 or newer");
  }

  @Test
  void namesALibraryThatItsUserCannotRead() throws Exception {
    Path app = Files.createDirectories(folder.resolve("app"));
    Files.copy(Path.of("submit.sh"), app.resolve("submit.sh"));
    Files.createDirectories(app.resolve("target"));
    Files.createFile(app.resolve("target/nst.jar"));
    Files.writeString(app.resolve("target/classpath"), "/home/builder/.m2/spark.jar:/other.jar");

    Words words =
        start(
            Map.of("NST_SKIP_BUILD", "1"), "bash", app.resolve("submit.sh").toString(), "presets");

    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.text().lines()).hasSize(1);
    assertThat(words.text())
        .contains("cannot read /home/builder/.m2/spark.jar; build as this user");
  }

  @Test
  void saysThatNothingIsBuilt() throws Exception {
    Path app = Files.createDirectories(folder.resolve("unbuilt"));
    Files.copy(Path.of("submit.sh"), app.resolve("submit.sh"));

    Words words =
        start(
            Map.of("NST_SKIP_BUILD", "1"), "bash", app.resolve("submit.sh").toString(), "presets");

    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.text().lines()).hasSize(1);
    assertThat(words.text()).contains("run ./submit.sh without NST_SKIP_BUILD");
  }

  private record Words(int exitCode, String text) {}

  /** Returns both output streams of a command that is started in the test's folder. */
  private Words start(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(folder.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Words(process.waitFor(), text);
  }
}
