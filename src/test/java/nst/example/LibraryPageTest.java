package nst.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import nst.Documentation;
import nst.spark.NstTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares docs/library.md with the examples and the parameters. */
class LibraryPageTest {
  private static final String PAGE = "docs/library.md";

  @ParameterizedTest
  @ValueSource(strings = {"StylizePhoto", "StylizeDataset"})
  void thePageShowsTheBodyOfTheExample(String example) {
    String file = Documentation.text("src/test/java/nst/example/" + example + ".java");
    String main = file.substring(file.indexOf("void main("));
    String body = main.substring(main.indexOf("{\n") + 2, main.indexOf("\n  }\n") + 1);
    assertThat(body.lines().count()).isBetween(8L, 15L);
    assertThat(Documentation.text(PAGE)).contains("```java\n" + body + "```");
  }

  @Test
  void thePageListsEveryParameter() {
    List<String> listed =
        Documentation.names(Documentation.rows(Documentation.section(PAGE, "### Parameters")));
    assertThat(Arrays.stream(new NstTransformer().params()).map(param -> param.name()))
        .containsExactlyInAnyOrderElementsOf(listed);
  }

  @Test
  void pythonHasEveryParameter() {
    String python = Documentation.text("src/main/python/nst/spark/__init__.py");
    assertThat(new NstTransformer().params())
        .allSatisfy(
            param ->
                assertThat(python)
                    .contains(
                        "    "
                            + param.name()
                            + " = Param(Params._dummy(), \""
                            + param.name()
                            + "\"",
                        "        " + param.name() + "=None,"));
  }
}
