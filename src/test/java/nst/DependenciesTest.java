package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the libraries on the class path of {@code submit.sh} with docs/security.md. */
class DependenciesTest {
  private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[^/]*)\\.jar");

  /** The lowest version without the known vulnerabilities. */
  private static final Map<String, List<Integer>> LEAST =
      Map.of(
          "netty-codec-http", List.of(4, 1, 136),
          "netty-codec-http2", List.of(4, 1, 136),
          "netty-handler", List.of(4, 1, 136),
          "lz4-java", List.of(1, 10, 4),
          "commons-compress", List.of(1, 28, 0),
          "commons-lang3", List.of(3, 20, 0),
          "ivy", List.of(2, 5, 3),
          "protobuf-java", List.of(3, 25, 9),
          "log4j-core", List.of(2, 25, 5),
          "aircompressor", List.of(2, 0, 3));

  private static final List<String> LEFT_OUT =
      List.of(
          "zookeeper",
          "zookeeper-jute",
          "curator-client",
          "curator-framework",
          "curator-recipes",
          "rocksdbjni",
          "netty-transport-native-kqueue",
          "spark-mllib_2.12", // only nst.spark needs them, which no command uses
          "spark-mllib-local_2.12");

  @Test
  void noLibraryIsOlderThanItsKnownVulnerabilitiesAllow() throws IOException {
    for (Map.Entry<String, List<Integer>> least : LEAST.entrySet()) {
      assertThat(versions(least.getKey()))
          .as(least.getKey())
          .isNotEmpty()
          .allSatisfy(
              version ->
                  assertThat(isAtLeast(numbers(version), least.getValue())).as(version).isTrue());
    }
  }

  @Test
  void whatIsLeftOutStaysOut() throws IOException {
    for (String library : LEFT_OUT) {
      assertThat(versions(library)).as(library).isEmpty();
    }
  }

  @Test
  void theModulesOfJacksonAreOfOneVersion() throws IOException {
    assertThat(
            Stream.of(
                    "jackson-core",
                    "jackson-databind",
                    "jackson-datatype-jsr310",
                    "jackson-module-scala_2.12")
                .flatMap(module -> versionsUnchecked(module).stream())
                .distinct())
        .hasSize(1);
  }

  @Test
  void theLibrariesAreInTheDocument() throws IOException {
    String document = Files.readString(Path.of("docs/security.md"));
    assertThat(document)
        .contains("4.1.136", "1.10.4", "1.28.0", "3.20.0", "2.5.3", "3.25.9", "2.25.5", "2.0.3")
        .contains("ZooKeeper", "Curator", "aircompressor", "RocksDB");
  }

  private static List<String> versionsUnchecked(String library) {
    try {
      return versions(library);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> versions(String library) throws IOException {
    return Stream.of(Files.readString(Path.of("target/classpath")).strip().split(":"))
        .map(jar -> JAR.matcher(Path.of(jar).getFileName().toString()))
        .filter(Matcher::matches)
        .filter(jar -> jar.group(1).equals(library))
        .map(jar -> jar.group(2))
        .toList();
  }

  private static List<Integer> numbers(String version) {
    return Stream.of(version.split("[.-]"))
        .takeWhile(part -> part.matches("\\d+"))
        .map(Integer::valueOf)
        .toList();
  }

  private static boolean isAtLeast(List<Integer> version, List<Integer> least) {
    for (int i = 0; i < least.size(); i++) {
      int part = i < version.size() ? version.get(i) : 0;
      if (part != least.get(i)) {
        return part > least.get(i);
      }
    }
    return true;
  }
}
