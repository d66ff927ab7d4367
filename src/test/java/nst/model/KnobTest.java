package nst.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KnobTest {
  /** Choices whose names are clear without a description. */
  private static final String SPEAK_FOR_THEMSELVES =
      "vgg19 vgg16 mobilenet_v2 float32 float64 bfloat16 float16 max average zeros rgb_imagenet bgr_caffe mean_squares"
          + " half_sum_squares none longest shortest png jpg";

  @ParameterizedTest
  @EnumSource(Knob.class)
  void everyKnobReadsBackWhatItWrites(Knob knob) {
    for (Preset preset : Preset.values()) {
      Object value = preset.hyperparameters().values().get(knob);
      assertThat(knob.domain().parse(knob.domain().text(value))).isEqualTo(value);
    }
  }

  static List<Knob> refusing() {
    return Arrays.stream(Knob.values())
        .filter(knob -> !Knob.ofUris().contains(knob)) // any text may be a URI
        .toList();
  }

  @ParameterizedTest
  @MethodSource("refusing")
  void everyKnobRefusesWhatItIsNotAndSaysWhatItExpects(Knob knob) {
    assertThatThrownBy(() -> knob.domain().parse("no such value"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected " + knob.domain().expected())
        .hasMessageContaining("was no such value");
  }

  @ParameterizedTest
  @EnumSource(Knob.class)
  void everyVariantIsDocumentedOrSelfExplanatory(Knob knob) {
    if (knob.domain() instanceof Domain.Choice choice) {
      for (String variant : choice.labels()) {
        assertThat(knob.meaning() + SPEAK_FOR_THEMSELVES).as(variant).contains(variant);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void everyPresetIsACombinationThatRuns(Preset preset) {
    Problems problems = new Problems();
    new CombinationCheck(preset.hyperparameters(), preset.label(), problems).check();
    assertThat(problems.list()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void everyPresetSaysWhereEachOfItsValuesComesFrom(Preset preset) {
    assertThat(preset.sources()).containsOnlyKeys(Knob.values());
    assertThat(preset.sources().values()).noneMatch(String::isBlank);
  }

  @Test
  void aPresetsOwnValuesHaveItsOwnSources() {
    assertThat(Preset.GATYS_AS_PRINTED.sources().get(Knob.STYLE_TERM))
        .isEqualTo("Gatys et al. 2016, equation 4");
    assertThat(Preset.GATYS_AS_PRINTED.sources().get(Knob.ADAM_BETA1))
        .isEqualTo("Kingma and Ba 2015, algorithm 1");
  }

  /** Their faults, and the precision: what is reproduced should not depend on the device. */
  @Test
  void thePrintedFormsDifferFromOursInTheirFaults() {
    assertThat(differences(Preset.KERAS, Preset.KERAS_AS_PRINTED))
        .containsExactly(Knob.PRECISION, Knob.GRAM, Knob.BOUNDS);
    assertThat(differences(Preset.PYTORCH, Preset.PYTORCH_AS_PRINTED))
        .containsExactly(Knob.PRECISION, Knob.STYLE_FIT);
    assertThat(differences(Preset.SCHEDULED, Preset.SCHEDULED_AS_PRINTED))
        .containsExactly(
            Knob.PRECISION, Knob.CONTENT_LAYERS, Knob.STYLE_LAYERS, Knob.STYLE_LAYERS_END);
    assertThat(Preset.D2L.source()).contains("there is no d2l-as-printed");
  }

  private static List<Knob> differences(Preset one, Preset other) {
    return Arrays.stream(Knob.values())
        .filter(
            knob ->
                !one.hyperparameters()
                    .values()
                    .get(knob)
                    .equals(other.hyperparameters().values().get(knob)))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void everyPresetIsFoundByItsName(Preset preset) {
    assertThat(Preset.named(preset.label())).contains(preset);
  }

  @Test
  void knobsSettingsAndPresetHaveDifferentKeys() {
    assertThat(RunConfig.keys()).doesNotHaveDuplicates();
  }

  @Test
  void findsTheContradictionsBetweenKnobs() {
    Hyperparameters base = Preset.BALANCED.hyperparameters();
    assertThat(problem(base.with(Knob.STYLE_TERM, "gatys"))).contains("expected gram=raw");
    assertThat(problem(base.with(Knob.SIZE_RULE, "exact")))
        .contains("expected image_width and image_height");
    assertThat(problem(base.with(Knob.INIT, "image"))).contains("expected a URI with init=image");
    assertThat(problem(base.with(Knob.INIT, "network")))
        .as("a run finds the network")
        .isEqualTo("[]");
    assertThat(problem(base.with(Knob.NUM_ITERATIONS, 0)))
        .contains("num_iterations: expected at least 1 with init=recolored, was 0");
    assertThat(problem(fromNetwork(base).with(Knob.NUM_ITERATIONS, 0))).isEqualTo("[]");
    assertThat(problem(base.with(Knob.BACKBONE, "vgg16").with(Knob.CONTENT_LAYERS, "relu4_4")))
        .contains(
            "expected layers of backbone=vgg16, was relu4_4. Use relu4_3, the last of its block");
    assertThat(problem(base.with(Knob.OPTIMIZE_IN, "caffe")))
        .contains("expected optimize_in=pixels");
    assertThat(problem(base.with(Knob.CONTENT_WEIGHT, 0).with(Knob.STYLE_WEIGHT, 0)))
        .contains("both were 0");
  }

  @Test
  void aMissingValueIsRefused() {
    Map<Knob, Object> values = new EnumMap<>(Preset.BALANCED.hyperparameters().values());
    values.remove(Knob.SEED);
    assertThatThrownBy(() -> Hyperparameters.of(values)).hasMessage("no value for seed");
  }

  private static Hyperparameters fromNetwork(Hyperparameters base) {
    return base.with(Knob.INIT, "network").with(Knob.NETWORK, "n.safetensors");
  }

  private static String problem(Hyperparameters hyperparameters) {
    Problems problems = new Problems();
    new CombinationCheck(hyperparameters, "row", problems).check();
    return problems.list().toString();
  }
}
