package nst.job.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import nst.model.Knob;
import nst.model.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepAxisTest {

  @Test
  void listsTheValuesOfAKnobAndOfThePreset() {
    assertThat(axis("content_weight=1, 5,5").values()).containsExactly(1.0, 5.0);
    assertThat(axis("preset=balanced,gatys").values())
        .containsExactly(Preset.BALANCED, Preset.GATYS);
    assertThat(axis("optimizer=adam,lbfgs").values()).hasSize(2);
  }

  @Test
  void spreadsARangeEvenlyOnItsScale() {
    assertThat(axis("style_weight=log:1e2..1e5:4").values())
        .containsExactly(100.0, 1000.0, 10000.0, 100000.0);
    assertThat(axis("num_iterations=lin:10..30:3").values()).containsExactly(10L, 20L, 30L);
    assertThat(axis("num_iterations=lin:1..3:9").values()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void separatesLayersBySemicolons() {
    List<Object> values = axis("style_layers=relu1_1:0.5,relu2_1;relu3_1").values();
    assertThat(values.stream().map(Knob.STYLE_LAYERS.domain()::text))
        .containsExactly("relu1_1:0.5,relu2_1:1.0", "relu3_1:1.0");
  }

  @Test
  void resolvesTheFilesThatAKnobNames() {
    assertThat(axis("init_image=a.png,/b.png,s3://c/d.png").values())
        .containsExactly("file:/here/a.png", "file:/b.png", "s3a://c/d.png");
  }

  @Test
  void aRangeWithoutACountHasNoValuesOfAGrid() {
    assertThat(axis("tv_weight=lin:0..1").counted()).isFalse();
    assertThat(axis("tv_weight=lin:0..1:2").counted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "contentweight=1 | Did you mean `content_weight`?",
        "presett=gatys | Did you mean `preset`?",
        "preset=gatis | preset: expected one of balanced, gatys",
        "content_weight=1,-2 | content_weight: expected a number of at least 0, was -2",
        "content_weight=log:0..1:3 | above 0 for log",
        "content_weight=log:1..9:3:4 | FROM..TO:COUNT",
        "content_weight=lin:1:4 | FROM..TO:COUNT",
        "content_weight=lin:2..1:4 | FROM below TO",
        "content_weight=lin:1..2:1 | from 2 to 10000 values",
        "content_weight=lin:a..b:4 | expected numbers",
        "num_iterations=lin:1..2000000:3 | num_iterations: expected a whole number",
        "init_image=/.. | below its root",
        "content_weight= | KNOB=VALUE",
        "content_weight | KNOB=VALUE",
      })
  void saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> axis(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  static SweepAxis axis(String text) {
    return SweepAxis.parse(new SweepText(text, "file:/here"));
  }
}
