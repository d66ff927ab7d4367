package nst.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a.jpg", "s3a://bucket/a%20b", "--grid", "a=log:0.01..1:5"})
  void aPlainWordIsNotQuoted(String word) {
    assertThat(ShellWords.quoted(word)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "it's",
        "'",
        "$HOME",
        "`id`",
        "a;b",
        "a\"b",
        "*.jpg",
        "é",
        "style_loss < 0.2"
      })
  void aShellReadsTheQuotedWordUnchanged(String word) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s " + ShellWords.quoted(word))
            .redirectErrorStream(true)
            .start();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(read).isEqualTo(word);
  }
}
