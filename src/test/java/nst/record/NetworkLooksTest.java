package nst.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.record.NetworkLooks.Look;
import nst.record.NetworkLooks.Style;
import org.junit.jupiter.api.Test;

class NetworkLooksTest {
  private static final NetworkLooks LOOKS =
      new NetworkLooks(
          List.of(
              look("aa", 1), new Look(List.of(style("aa", 3), style("bb", 1)), 0), look("bb", 2)),
          Map.of());

  private static Look look(String sha256, double weight) {
    return new Look(List.of(style(sha256, weight)), 0);
  }

  private static Style style(String sha256, double weight) {
    return new Style("", sha256, weight);
  }

  @Test
  void readsTheLooksAndTheObjectiveOfARecipe() {
    NetworkLooks read =
        NetworkLooks.read(
            """
            {"steps": 7, "looks": [{"styles": [{"sha256": "aa", "weight": 0.5, "uri": "x"}]}],
             "objective": {"content_weight": "0.05"}}
            """);
    assertThat(read)
        .isEqualTo(new NetworkLooks(List.of(look("aa", 0.5)), Map.of("content_weight", "0.05")));
  }

  @Test
  void readsTheRecipeOfATraining() {
    NetworkLooks read = NetworkLooks.read(NetworkRecipeTest.RECIPE.json());
    assertThat(read.looks())
        .hasToString(
            "[night.jpg (SHA-256 00ff) at 256 px, 0.25 x a.png (SHA-256 aa) + 0.75 x b \"é\".png (SHA-256 bb) at 512 px]");
    assertThat(read.objective()).isEqualTo(NetworkRecipeTest.RECIPE.objective());
  }

  @Test
  void namesAStyleByItsFileAndItsBytes() {
    NetworkLooks read =
        NetworkLooks.read(
            """
            {"looks": [{"styles": [{"name": "a.jpg", "sha256": "aa", "weight": 0.25},
                                   {"sha256": "bb", "weight": 0.75}]}],
             "objective": {}}
            """);
    assertThat(read.looks()).hasToString("[0.25 x a.jpg (SHA-256 aa) + 0.75 x bb]");
  }

  @Test
  void aRecipeWithoutLooksIsRefused() {
    for (String recipe : List.of("{}", "", "[1", "{\"looks\": 3, \"objective\": {}}")) {
      assertThatThrownBy(() -> NetworkLooks.read(recipe))
          .as(recipe)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected the recipe of a style network");
    }
  }

  @Test
  void aStyleIsTheLookThatWasTrainedOnItAlone() {
    assertThat(LOOKS.blend(List.of(style("aa", 1)), 256)).contains(List.of(1.0, 0.0, 0.0));
    assertThat(LOOKS.blend(List.of(style("bb", 0.3)), 256)).contains(List.of(0.0, 0.0, 1.0));
  }

  @Test
  void severalStylesAreBlendedByTheirWeights() {
    assertThat(LOOKS.blend(List.of(style("bb", 0.5), style("aa", 0.5)), 256))
        .contains(List.of(0.5, 0.0, 0.5));
    assertThat(LOOKS.blend(List.of(style("aa", 0.2), style("aa", 0.2), style("bb", 0.6)), 256))
        .hasValueSatisfying(
            blend -> {
              assertThat(blend.get(0)).isEqualTo(0.4, org.assertj.core.api.Assertions.within(1e-9));
              assertThat(blend.get(1)).isZero();
            });
  }

  @Test
  void aBlendThatWasTrainedIsALookByItself() {
    assertThat(LOOKS.blend(List.of(style("bb", 0.25), style("aa", 0.75)), 256))
        .contains(List.of(0.0, 1.0, 0.0));
  }

  @Test
  void looksForSeveralSizesAreBlendedByTheLogarithmOfTheSize() {
    NetworkLooks looks =
        new NetworkLooks(
            List.of(
                new Look(List.of(style("aa", 1)), 512),
                new Look(List.of(style("bb", 1)), 256),
                new Look(List.of(style("aa", 1)), 128)),
            Map.of());

    assertThat(looks.blend(List.of(style("aa", 1)), 64)).contains(List.of(0.0, 0.0, 1.0));
    assertThat(looks.blend(List.of(style("aa", 1)), 256)).contains(List.of(0.5, 0.0, 0.5));
    assertThat(looks.blend(List.of(style("aa", 1)), 512)).contains(List.of(1.0, 0.0, 0.0));
    assertThat(looks.blend(List.of(style("aa", 1)), 4096)).contains(List.of(1.0, 0.0, 0.0));
    assertThat(looks.blend(List.of(style("aa", 0.5), style("bb", 0.5)), 256))
        .contains(List.of(0.25, 0.5, 0.25));
  }

  @Test
  void anUnknownStyleHasNoBlend() {
    assertThat(LOOKS.blend(List.of(style("cc", 1)), 256)).isEmpty();
    assertThat(LOOKS.blend(List.of(style("aa", 0.5), style("cc", 0.5)), 256)).isEmpty();
    assertThat(LOOKS.knows("aa")).isTrue();
    assertThat(LOOKS.knows("cc")).isFalse();
  }

  @Test
  void namesTheKnobsOfTheObjectiveThatDiffer() {
    Hyperparameters row = Preset.BALANCED.hyperparameters();
    NetworkLooks looks =
        new NetworkLooks(
            List.of(look("aa", 1)),
            Map.of(
                Knob.CONTENT_WEIGHT.key(),
                "5e-2", // the same number
                Knob.TV_WEIGHT.key(),
                "7",
                Knob.GRAM.key(),
                "no such value",
                "knob of a later version",
                "1"));
    assertThat(looks.differences(row))
        .containsExactly("gram=no such value (here centered)", "tv_weight=7 (here 0.03)");
  }
}
