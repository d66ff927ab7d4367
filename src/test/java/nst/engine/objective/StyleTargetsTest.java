package nst.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import nst.engine.objective.StyleTargets.Grams;
import nst.image.Size;
import nst.model.knob.Layer;
import nst.model.knob.LossChoices.GramNormalization;
import nst.model.knob.SizeChoices.StyleFit;
import org.junit.jupiter.api.Test;

class StyleTargetsTest {
  private int computed;

  private static StyleTargets.Key key(String style) {
    return new StyleTargets.Key(
        style,
        StyleFit.SCALE,
        new Size(64, 48),
        new Size(64, 48),
        Set.of(Layer.RELU1_1),
        GramNormalization.CENTERED,
        Map.of());
  }

  private Grams grams() {
    computed++;
    return new Grams(Map.of(Layer.RELU1_1, new float[100])); // 400 bytes
  }

  @Test
  void computesEachStyleOnce() {
    StyleTargets targets = new StyleTargets(1000);

    Grams first = targets.of(key("a"), this::grams);

    assertThat(targets.of(key("a"), this::grams)).isSameAs(first);
    assertThat(computed).isEqualTo(1);
  }

  @Test
  void dropsTheLongestUnusedWhenFull() {
    StyleTargets targets = new StyleTargets(1000);
    targets.of(key("a"), this::grams);
    targets.of(key("b"), this::grams);
    targets.of(key("a"), this::grams); // used again
    targets.of(key("c"), this::grams); // drops b

    assertThat(targets.keptBytes()).isEqualTo(800);
    targets.of(key("a"), this::grams);
    assertThat(computed).isEqualTo(3);
    targets.of(key("b"), this::grams);
    assertThat(computed).isEqualTo(4);
  }

  @Test
  void forgetsWhatFailed() {
    StyleTargets targets = new StyleTargets(1000);

    assertThatThrownBy(
            () ->
                targets.of(
                    key("a"),
                    () -> {
                      throw new IllegalStateException("out of luck");
                    }))
        .hasMessage("out of luck");
    assertThat(targets.of(key("a"), this::grams).bytes()).isEqualTo(400);
  }
}
