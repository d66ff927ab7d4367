package nst.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import nst.model.Sweep.Axis;
import org.junit.jupiter.api.Test;

class SweepTest {

  @Test
  void takesEveryCombinationTheLastAxisFastest() {
    Sweep sweep = new Sweep(List.of(Axis.parse("content_weight=1,5"), Axis.parse("seed=7,8,9")));
    assertThat(sweep.grid()).hasSize(6);
    assertThat(sweep.grid().get(1)).isEqualTo(Map.of(Knob.CONTENT_WEIGHT, 1.0, Knob.SEED, 8L));
  }

  @Test
  void spreadsALogarithmicAxisEvenly() {
    assertThat(Axis.parse("style_weight=log:1e2..1e5:4").values())
        .containsExactly(100.0, 1000.0, 10000.0, 100000.0);
    assertThat(Axis.parse("num_iterations=lin:10..30:3").values()).containsExactly(10L, 20L, 30L);
  }

  @Test
  void drawsTheSamePointsForTheSameSeedWithinTheEnds() {
    Sweep sweep = new Sweep(List.of(Axis.parse("style_weight=log:1..100:2")));
    assertThat(sweep.random(20, 5))
        .isEqualTo(sweep.random(20, 5))
        .isNotEqualTo(sweep.random(20, 6));
    assertThat(sweep.random(50, 1))
        .allSatisfy(
            point -> assertThat((Double) point.get(Knob.STYLE_WEIGHT)).isBetween(1.0, 100.0));
  }

  @Test
  void saysWhatIsWrongWithAnAxis() {
    assertThatThrownBy(() -> Axis.parse("contentweight=1"))
        .hasMessageContaining("Did you mean `content_weight`?");
    assertThatThrownBy(() -> Axis.parse("content_weight=1,-2"))
        .hasMessageContaining("content_weight: expected");
    assertThatThrownBy(() -> Axis.parse("content_weight=log:0..1:3"))
        .hasMessageContaining("above 0 for log");
    assertThatThrownBy(() -> Axis.parse("content_weight=log:1..9"))
        .hasMessageContaining("FROM..TO:COUNT");
    assertThatThrownBy(() -> Axis.parse("content_weight")).hasMessageContaining("KNOB=VALUE");
  }

  @Test
  void noAxisIsOnePoint() {
    assertThat(new Sweep(List.of()).grid()).containsExactly(Map.of());
  }
}
