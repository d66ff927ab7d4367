package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the tests named in the table of faults in docs/operations.md exist. */
class FaultTableTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  private final List<List<String>> rows =
      Documentation.rows(Documentation.section("docs/operations.md", "## Faults and their tests"));

  @Test
  void everyFaultHasATestOrAReason() {
    assertThat(rows).hasSize(52);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(row.get(3))
                    .as("the test of fault %s", row.get(0))
                    .matches("(?s).*" + TEST + ".*|none: .+|none for .+|`\\.ci/run`.+"));
  }

  @Test
  void everyTestIsThere() {
    Map<String, String> sources = sources();
    for (List<String> row : rows) {
      for (MatchResult test : TEST.matcher(row.get(3)).results().toList()) {
        assertThat(sources.getOrDefault(test.group(1), ""))
            .as("%s of fault %s", test.group(), row.get(0))
            .contains("void " + test.group(2) + "(");
      }
    }
  }

  /** The name and the text of each test class. */
  private static Map<String, String> sources() {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  FaultTableTest::text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
