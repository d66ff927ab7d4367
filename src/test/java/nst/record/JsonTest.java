package nst.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.model.LossSample;
import nst.model.TransferResult;
import nst.model.knob.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests files of other versions, and damaged ones. */
class JsonTest {
  private static final Path GOLDEN = Path.of("src/test/resources/nst/record");

  @Test
  void aRunOfAnEarlierVersionHasNoPageFault() throws IOException {
    String text = golden("_RUN.json").replaceFirst("\"page_fault\" : .*,", "");
    assertThat(run(text).pageFault()).isEmpty();
  }

  @Test
  void anImageOfAlgorithm2HasNoWarnings() throws IOException {
    String text = golden("image-record.json").replaceFirst("\"input_warnings\":\\[[^]]*],", "");
    TransferResult.Image image = ResultJson.read(text).image().orElseThrow();
    assertThat(image.inputWarnings()).isEmpty();
    assertThat(image.sha256()).isEqualTo("aa");
  }

  @Test
  void fieldsAndKnobsOfALaterVersionAreIgnored() throws IOException {
    assertThat(run(golden("_RUN.json").replaceFirst("\\{", "{\"later\": [1],")).runId())
        .isEqualTo("nightly");
    String record = golden("image-record.json");
    assertThat(
            ResultJson.read(
                record.replace("\"knobs\":{", "\"later\":{},\"knobs\":{\"later\":\"1\",")))
        .isEqualTo(ResultJson.read(record));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"run_id\"     | \"id\"        | Missing required creator property 'run_id'",
        "\"total\" : 16,|               | rows.total: Missing required creator property 'total'",
        "2026-01-01T00:00:00Z | monday  | started_at: Text 'monday' could not be parsed",
        "\"total\" : 16 | \"total\" : x | line 7",
        "\"facts_from\" | \"facts\"     | networks.facts_from: Missing required creator property 'facts_from'"
      })
  void aDamagedRunIsRefusedWithTheFieldOrTheLine(String part, String other, String message)
      throws IOException {
    String text = golden("_RUN.json").replace(part, other == null ? "" : other);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(text))
        .withMessageStartingWith("expected a _RUN.json: ")
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("Source"));
  }

  @ParameterizedTest
  @CsvSource({"key", "status", "read_ms", "host", "request", "losses", "knobs", "width"})
  void aRecordNeedsEveryField(String field) throws IOException {
    String text = golden("image-record.json");
    String damaged = text.replace("\"" + field + "\":", "\"other\":");
    assertThat(damaged).isNotEqualTo(text);
    if (field.equals("width")) { // tells whether there is an image
      assertThat(ResultJson.read(damaged).image()).isEmpty();
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ResultJson.read(damaged))
          .withMessageContaining("expected the record of an image: ")
          .withMessageContaining("'" + field + "'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{\"run_id\":", "7", "\"text\"", "\u0001"})
  void whatIsNoObjectIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> run(text));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanFile.read(text.getBytes(UTF_8)))
        .withMessageStartingWith("expected a _PLAN.json");
    assertThatIllegalArgumentException().isThrownBy(() -> ResultJson.read(text));
  }

  @Test
  void lossesThatAreNotFiniteReadBack() {
    LossSample sample =
        new LossSample(
            64,
            1,
            2,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            1e-300,
            Map.of(Layer.RELU1_1, Double.NaN),
            0,
            1,
            2);
    String line = Json.line(List.of(sample));
    assertThat(Json.read(Json.read(line, "losses").get(0), LossSample.class, "a loss"))
        .isEqualTo(sample);
  }

  private static RunSummary run(String text) {
    return RunSummary.read(text.getBytes(UTF_8));
  }

  private static String golden(String name) throws IOException {
    return Files.readString(GOLDEN.resolve(name));
  }
}
