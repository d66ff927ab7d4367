package nst.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nst.record.NetworkLooks.Look;
import nst.record.NetworkLooks.Style;
import nst.record.NetworkRecipe.Architecture;
import nst.record.NetworkRecipe.HeldOutPhoto;
import nst.record.NetworkRecipe.Photos;
import nst.record.NetworkRecipe.Result;
import nst.record.NetworkRecipe.Training;
import org.junit.jupiter.api.Test;

/** The recipe and the log of a style network. */
class NetworkRecipeTest {
  private static final TrainingLoss FIRST = new TrainingLoss(0, 1, 2, 3, 6.5);
  private static final TrainingLoss LAST = new TrainingLoss(10, 0.1, 0.2, 1 / 3.0, 0.65);

  static final NetworkRecipe RECIPE =
      new NetworkRecipe(
          List.of(
              new Look(List.of(new Style("night.jpg", "00ff", 1)), 256),
              new Look(
                  List.of(new Style("a.png", "aa", 0.25), new Style("b \"é\".png", "bb", 0.75)),
                  512)),
          Map.of("style_weight", "1", "content_weight", "0.05"),
          Map.of("precision", "auto"),
          "ee torchvision 1.0",
          new Architecture(32, 5, "full"),
          new Training(2000, 1e-3, 256, 2, 7, "ff"),
          new Photos("abcd", 100, 88, 12),
          new Result(
              List.of(FIRST, LAST),
              List.of(new HeldOutPhoto("p.jpg", 0, FIRST, LAST)),
              3,
              1,
              "0.1.0"));

  @Test
  void aRecipeReadsBackWhole() {
    assertThat(NetworkRecipe.read(RECIPE.json())).isEqualTo(RECIPE);
    assertThat(RECIPE.json()).doesNotContain("\n");
  }

  @Test
  void textThatIsNoRecipeIsRefused() {
    assertThatThrownBy(() -> NetworkRecipe.read("{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the recipe of a style network");
  }

  @Test
  void theKeyContainsWhatDeterminesTheNetworkAndNothingElse() {
    String key = RECIPE.key();
    assertThat(key).matches("[0-9a-f]{32}");
    assertThat(RECIPE.with(Result.NONE).key()).isEqualTo(key);
    assertThat(
            List.of(
                keyOf("\"sha256\":\"00ff\"", "\"sha256\":\"00fe\""),
                keyOf("\"weight\":0.25", "\"weight\":0.2"),
                keyOf("\"content_weight\":\"0.05\"", "\"content_weight\":\"0.06\""),
                keyOf("\"precision\":\"auto\"", "\"precision\":\"float32\""),
                keyOf("ee torchvision", "ef torchvision"),
                keyOf("\"width\":32", "\"width\":16"),
                keyOf("\"residual_blocks\":5", "\"residual_blocks\":4"),
                keyOf("\"convolution\":\"full\"", "\"convolution\":\"separable\""),
                keyOf("\"steps\":2000", "\"steps\":2001"),
                keyOf("\"learning_rate\":0.001", "\"learning_rate\":0.002"),
                keyOf("\"crop\":256", "\"crop\":128"),
                keyOf("\"batch\":2", "\"batch\":4"),
                keyOf("\"seed\":7", "\"seed\":8"),
                keyOf("\"from\":\"ff\"", "\"from\":\"fe\""),
                keyOf("\"image_size\":512", "\"image_size\":384"),
                keyOf("\"digest\":\"abcd\"", "\"digest\":\"abce\"")))
        .doesNotHaveDuplicates()
        .doesNotContain(key);
    assertThat(keyOf("night.jpg", "day.jpg")).as("the name of a painting").isEqualTo(key);
  }

  private static String keyOf(String part, String other) {
    assertThat(RECIPE.json()).contains(part);
    return NetworkRecipe.read(RECIPE.json().replace(part, other)).key();
  }

  @Test
  void aLogReadsBackWhole() {
    TrainingLog log =
        TrainingLog.NONE
            .stepped(new TrainingLoss(0, 0.1, 0.2, 0.3, 1 / 3.0), 0, 1)
            .measured(FIRST, List.of(new HeldOutPhoto("p.jpg", 0, FIRST, FIRST)))
            .without(Map.of("b.jpg", "broken"))
            .halved(2);

    assertThat(TrainingLog.read(log.json())).isEqualTo(log);
    assertThat(TrainingLog.read(TrainingLog.NONE.json())).isEqualTo(TrainingLog.NONE);
  }

  @Test
  void aLogKeepsTheFirstLossesOfAPhoto() {
    TrainingLog log =
        TrainingLog.NONE
            .measured(FIRST, List.of(new HeldOutPhoto("p.jpg", 0, FIRST, FIRST)))
            .measured(LAST, List.of(new HeldOutPhoto("p.jpg", 0, LAST, LAST)));

    assertThat(log.photos()).containsExactly(new HeldOutPhoto("p.jpg", 0, FIRST, LAST));
    assertThat(log.heldOut()).containsExactly(FIRST, LAST);
  }

  @Test
  void aLossDivergesAboveFourTimesItsMeanAfterTheWarmUp() {
    TrainingLog log = TrainingLog.NONE;
    for (int step = 0; step <= 20; step++) {
      log = log.stepped(total(step, 100), 20, 10);
      assertThat(log.hasDiverged()).isFalse();
    }
    for (int step = 21; step < 300; step++) {
      log = log.stepped(total(step, 399), 20, 10);
      assertThat(log.hasDiverged()).as("below four times").isFalse();
    }
    assertThat(log.curve()).hasSize(30);
    assertThat(log.stepped(total(300, 10_000), 20, 10).hasDiverged()).isTrue();
    assertThat(log.stepped(total(300, Double.NaN), 20, 10).hasDiverged()).isTrue();
    assertThat(TrainingLog.NONE.stepped(total(0, Double.NaN), 20, 10).hasDiverged()).isTrue();
  }

  @Test
  void beforeTheEndOfTheWarmUpALossMayRise() {
    TrainingLog log = TrainingLog.NONE.stepped(total(0, 1), 20, 1);

    assertThat(log.stepped(total(1, 1e6), 20, 1).hasDiverged()).isFalse();
  }

  private static TrainingLoss total(long step, double total) {
    return new TrainingLoss(step, 0, 0, 0, total);
  }
}
