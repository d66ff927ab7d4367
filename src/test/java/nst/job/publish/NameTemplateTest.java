package nst.job.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameTemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{stem}-{style}.{ext} | beach-wave.png",
        "{style}/{stem}.{ext} | wave/beach.png",
        "{stem}{stem}.jpg | beachbeach.jpg",
        "all of it.png | all of it.png",
        "{odd}.png | a_b_c___.png",
        "x{up}.png | x.._etc_passwd.png"
      })
  void valuesTakeThePlacesOfTheirNames(String pattern, String expected) {
    Map<String, String> values =
        Map.of(
            "stem",
            "beach",
            "style",
            "wave",
            "ext",
            "png",
            "odd",
            "a/b\\c:\n*",
            "up",
            "../etc/passwd");
    assertThat(NameTemplate.parse(pattern).name(values)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{stem-{ext} | expected a name in each pair of braces, was {stem-{ext}",
        "stem}.png | expected a name in each pair of braces, was stem}.png",
        "/{stem}.png | expected a name that is not blank and does not begin with a dot, was ''",
        "../{stem}.png | expected a name that is not blank and does not begin with a dot, was '..'",
        "{stem}/ | expected a name that is not blank and does not begin with a dot, was ''",
        ".{stem} | expected a name that is not blank and does not begin with a dot, was '.x'",
        "a:b.png | expected a name without control characters and \\ : * ? \" < > |, was a:b.png"
      })
  void refusesWhatIsNotAName(String pattern, String message) {
    assertThatThrownBy(() -> NameTemplate.parse(pattern)).hasMessageStartingWith(message.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", "..", ".hidden", "../up"})
  void refusesAValueThatMakesTheNameHiddenOrEmpty(String value) {
    assertThatThrownBy(() -> NameTemplate.parse("{stem}").name(Map.of("stem", value)))
        .hasMessageStartingWith("expected a name that is not blank and does not begin with a dot");
  }

  @Test
  void refusesARowWithoutAValue() {
    Map<String, String> values = new HashMap<>();
    values.put("mood", null);
    assertThatThrownBy(() -> NameTemplate.parse("{mood}.png").name(values))
        .hasMessage("expected a value for {mood}, was none");
  }

  @Test
  void countsBytesAsTheFileSystemDoes() {
    NameTemplate template = NameTemplate.parse("{stem}.png");
    assertThat(template.name(Map.of("stem", "é".repeat(125)))).hasSize(129);
    assertThatThrownBy(() -> template.name(Map.of("stem", "é".repeat(126))))
        .hasMessageStartingWith("expected a name of at most 255 bytes, has 256: éé");
  }
}
