package nst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Checks that the diff in CONTRIBUTING.md, which adds a knob, can still be applied. */
class ContributingTest {
  private static final String FILE = "+++ b/";
  private static final String HUNK = "@@";

  @Test
  void theDiffThatAddsAKnobFitsTheFiles() {
    Map<String, List<List<String>>> files = hunks();
    assertThat(files.keySet()).anyMatch(file -> file.endsWith("/Knob.java"));
    files.forEach(
        (file, hunks) -> {
          List<String> lines = Documentation.text(file).lines().toList();
          for (List<String> hunk : hunks) {
            assertThat(Collections.indexOfSubList(lines, without('+', hunk)))
                .as("%s has the lines\n%s", file, String.join("\n", without('+', hunk)))
                .isNotNegative();
            assertThat(Collections.indexOfSubList(lines, without('-', hunk)))
                .as("%s has the knob already", file)
                .isNegative();
          }
        });
  }

  /** The lines of each hunk, by file. */
  private static Map<String, List<List<String>>> hunks() {
    String section = Documentation.section("CONTRIBUTING.md", "## Adding a knob");
    String diff = section.split("```diff\n", 2)[1].split("```", 2)[0];
    Map<String, List<List<String>>> files = new TreeMap<>();
    List<List<String>> current = new ArrayList<>();
    for (String line : diff.lines().toList()) {
      if (line.startsWith(FILE)) {
        current = files.computeIfAbsent(line.substring(FILE.length()), name -> new ArrayList<>());
      } else if (line.startsWith(HUNK)) {
        current.add(new ArrayList<>());
      } else if (!line.startsWith("--- ")) {
        current.get(current.size() - 1).add(line);
      }
    }
    return files;
  }

  /** The lines before or after the change: those that do not begin with the sign. */
  private static List<String> without(char sign, List<String> hunk) {
    return hunk.stream()
        .filter(line -> line.isEmpty() || line.charAt(0) != sign)
        .map(line -> line.isEmpty() ? line : line.substring(1))
        .toList();
  }
}
