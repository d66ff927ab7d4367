package nst.job.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import nst.job.TestSpark;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class HalvingRuleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sum | 0.75",
        "style_loss | 0.25",
        "CONTENT_LOSS | 0.5",
        "style_loss + 0.5 * content_loss + 2 * tv_loss | 8.5",
        "greatest(content_loss, style_loss) | 0.5",
        "tv_loss | 4",
      })
  void theScoreIsTheValueOfTheRule(String rule, double expected) {
    assertThat(rule(rule).scores(TestSpark.spark(), List.of(Optional.of(new Terms(0.5, 0.25, 4)))))
        .containsExactly(Optional.of(expected));
  }

  @Test
  void rowsWithoutAFiniteValueHaveNoScore() {
    assertThat(
            rule("content_loss / style_loss")
                .scores(
                    TestSpark.spark(),
                    List.of(
                        Optional.of(new Terms(1, 0, 0)),
                        Optional.empty(),
                        Optional.of(new Terms(1, 2, 0)),
                        Optional.of(new Terms(Double.NaN, 2, 0)))))
        .containsExactly(Optional.empty(), Optional.empty(), Optional.of(0.5), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "total_loss | whose weights differ between points",
        "content_weight * content_loss | expected sum or a formula of content_loss, style_loss, tv_loss, was content_weight",
        "style_loss < 1 | expected sum, style_loss, content_loss or a formula",
        "5 | expected sum, style_loss, content_loss or a formula",
        "style_loss + | expected a formula",
        "reflect('java.lang.System', 'exit', 3) | expected one of the functions",
      })
  void anotherRuleIsRefused(String rule, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule(rule))
        .withMessageContaining(message);
  }

  private static HalvingRule rule(String text) {
    return HalvingRule.parse(TestSpark.spark(), text);
  }
}
