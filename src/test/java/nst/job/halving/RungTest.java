package nst.job.halving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RungTest {
  private static final Hyperparameters BALANCED = Preset.BALANCED.hyperparameters();

  @ParameterizedTest
  @CsvSource({"9, 9 3", "10, 10 4", "26, 26 9", "27, 27 9 3", "81, 81 27 9", "1000, 1000 334 112"})
  void eachRungKeepsAThird(int points, String expected) {
    List<Rung> rungs = Rung.of(points);
    assertThat(rungs.stream().map(rung -> Integer.toString(rung.points())))
        .containsExactly(expected.split(" "));
    assertThat(rungs.get(rungs.size() - 1).isLast()).isTrue();
    assertThat(rungs.get(rungs.size() - 1).kept()).isEqualTo(3);
    for (int i = 0; i + 1 < rungs.size(); i++) {
      assertThat(rungs.get(i).isLast()).isFalse();
      assertThat(rungs.get(i).kept()).isEqualTo(rungs.get(i + 1).points());
    }
  }

  @Test
  void aRungHasHalfTheStepsAndHalfThePixelsOfTheNext() {
    List<Rung> rungs = Rung.of(81);
    assertThat(rungs.get(0).budget(BALANCED))
        .isEqualTo(Map.of(Knob.IMAGE_SIZE, 256L, Knob.NUM_ITERATIONS, 8L));
    assertThat(rungs.get(1).budget(BALANCED))
        .isEqualTo(Map.of(Knob.IMAGE_SIZE, 362L, Knob.NUM_ITERATIONS, 15L));
    assertThat(rungs.get(2).budget(BALANCED)).as("the full grid's own keys").isEmpty();
  }

  @Test
  void bothSidesOfAnExactSizeShrink() {
    Hyperparameters exact =
        BALANCED
            .with(Knob.SIZE_RULE, "exact")
            .with(Knob.IMAGE_WIDTH, 400)
            .with(Knob.IMAGE_HEIGHT, 300);
    assertThat(Rung.of(81).get(0).budget(exact))
        .isEqualTo(
            Map.of(Knob.IMAGE_WIDTH, 200L, Knob.IMAGE_HEIGHT, 150L, Knob.NUM_ITERATIONS, 8L));
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "0, 0", "6, 5", "100, 25"})
  void aRungHasFiveStepsOrThoseOfThePoint(int own, long expected) {
    Hyperparameters h = BALANCED.with(Knob.NUM_ITERATIONS, own);
    assertThat(Rung.of(81).get(0).budget(h)).containsEntry(Knob.NUM_ITERATIONS, expected);
  }

  @ParameterizedTest
  @CsvSource({"48, 48", "64, 64", "100, 64", "160, 80"})
  void anImageIsNotSmallerThan64PixelsUnlessThePointIs(int own, long expected) {
    Hyperparameters h = BALANCED.with(Knob.IMAGE_SIZE, own);
    assertThat(Rung.of(81).get(0).budget(h)).containsEntry(Knob.IMAGE_SIZE, expected);
  }

  /** Evaluations outside of the steps and the reading of inputs have to fit into the rest. */
  @Test
  void theStepsOf81PointsCostAboutAQuarterOfTheGrid() {
    double work = 0;
    for (Rung rung : Rung.of(81)) {
      Hyperparameters h = BALANCED.with(rung.budget(BALANCED));
      work += rung.points() * (double) h.numIterations() * h.imageSize() * h.imageSize();
    }
    assertThat(work / (81.0 * 30 * 512 * 512)).isBetween(0.25, 0.27);
  }
}
