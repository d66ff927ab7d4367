package nst.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nst.engine.TestEngine;
import nst.engine.source.StyleImage;
import nst.engine.tile.TileSize;
import nst.engine.torch.Scalars;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the objective in tiles with that of the whole image. */
class TiledObjectiveTest {
  private static final SmallObjectives OBJECTIVES = new SmallObjectives();
  private static final double PROGRESS = 0.4;

  @AfterAll
  static void close() {
    OBJECTIVES.close();
  }

  /** Losses, gradient and score of one objective. */
  private record Found(LossTerms terms, List<Double> gradient, LossTerms score) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "101 | 84 | 64 | pooling=average;padding=replicate;gram=centered;style_layers=relu1_1:1,relu3_1:1",
        "90 | 133 | 96 | pooling=max;padding=zeros;gram=raw;loss_normalization=none;style_term=gatys;"
            + "content_term=half_sum_squares;content_layers=conv2_2:1,pool2:2;style_layers=relu2_1:1",
        "72 | 67 | 64 | pooling=max;padding=replicate;gram=per_element;style_term=mean_per_element;tv_term=keras",
        "72 | 130 | 64 | pooling=average;padding=zeros;gram=per_position;style_layers_end=relu1_2:1;bounds=none",
        "93 | 71 | 64 | pooling=average;padding=zeros;style_layers=relu1_1:1,relu4_1:1;content_layers=relu3_2:1",
        "100 | 77 | 64 | backbone=mobilenet_v2;content_layers=features4:1;style_layers=features0:1,features3:1"
      })
  @Tag("slow")
  void isThatOfTheWholeImage(int width, int height, int side, String knobs) {
    agree(
        new Size(width, height),
        side,
        "precision=float64\n" + knobs.replace(';', '\n'),
        List.of(style(Optional.empty(), Optional.empty(), "one")),
        1e-9);
  }

  @ParameterizedTest
  @CsvSource({"centered, grams", "per_element, losses"})
  @Tag("slow")
  void agreesWithMasksAndSeveralStyles(String gram, String blend) {
    agree(
        new Size(93, 70),
        64,
        "precision=float64\ngram=" + gram + "\nstyle_blend=" + blend,
        List.of(
            masked(),
            style(Optional.empty(), Optional.empty(), "one"),
            style(Optional.empty(), Optional.of(mask(80, 64)), "two")),
        1e-9);
  }

  @ParameterizedTest
  @CsvSource({"float32, 1e-5, 101", "bfloat16, 1e-2, 70"})
  @Tag("slow")
  void agreesInOtherPrecisions(String precision, double tolerance, int width) {
    agree(
        new Size(width, 67),
        64,
        "precision=" + precision,
        List.of(style(Optional.empty(), Optional.empty(), "one")),
        tolerance);
  }

  @Test
  void leavesNoTensorBehind() {
    Size size = new Size(80, 70);
    Hyperparameters h = TestEngine.shallow("");
    try (NDManager manager = OBJECTIVES.newManager()) {
      Objective objective =
          OBJECTIVES.objective(manager, h, size, List.of(masked()), new TileSize(64));
      NDArray variable = OBJECTIVES.variable(manager, h, size);
      objective.evaluate(variable, 0).gradient().close();
      int before = manager.getManagedArrays().size();
      objective.evaluate(variable, 0).gradient().close();
      objective.score(variable, 0);

      assertThat(objective).isInstanceOf(TiledObjective.class);
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  private static StyleImage masked() {
    return style(Optional.of(mask(31, 20)), Optional.of(mask(40, 40)), "masked");
  }

  private static void agree(
      Size size, int side, String knobs, List<StyleImage> styles, double tolerance) {
    Hyperparameters h = TestEngine.shallow(knobs);
    Found whole = found(size, h, styles, TileSize.NONE);
    Found tiled = found(size, h, styles, new TileSize(side));

    agree(whole.terms(), tiled.terms(), tolerance);
    agree(whole.score(), tiled.score(), tolerance);
    double most = 0;
    double difference = 0;
    for (int i = 0; i < whole.gradient().size(); i++) {
      most = Math.max(most, Math.abs(whole.gradient().get(i)));
      difference =
          Math.max(difference, Math.abs(whole.gradient().get(i) - tiled.gradient().get(i)));
    }
    assertThat(most).isPositive();
    assertThat(difference / most).as("the gradient at any pixel").isLessThan(tolerance);
  }

  private static void agree(LossTerms whole, LossTerms tiled, double tolerance) {
    assertThat(tiled.content()).isCloseTo(whole.content(), relative(whole.content(), tolerance));
    assertThat(tiled.style()).isCloseTo(whole.style(), relative(whole.style(), tolerance));
    assertThat(tiled.total()).isCloseTo(whole.total(), relative(whole.total(), tolerance));
    assertThat(whole.style()).isPositive();
    assertThat(whole.content()).isPositive();
  }

  private static org.assertj.core.data.Offset<Double> relative(double value, double tolerance) {
    return within(tolerance * Math.abs(value));
  }

  private static Found found(
      Size size, Hyperparameters h, List<StyleImage> styles, TileSize tileSize) {
    try (NDManager manager = OBJECTIVES.newManager()) {
      Parametrization coordinates = Parametrization.of(h);
      Objective objective = OBJECTIVES.objective(manager, h, size, styles, tileSize);
      assertThat(objective instanceof TiledObjective).isEqualTo(tileSize.side() > 0);
      NDArray variable = OBJECTIVES.variable(manager, h, size);
      Evaluation evaluation = objective.evaluate(variable, PROGRESS);
      return new Found(
          evaluation.terms(),
          Arrays.stream(Scalars.values(evaluation.gradient())).boxed().toList(),
          objective.score(Parametrization.clamped(coordinates.toPixels(variable)), PROGRESS));
    }
  }

  private static StyleImage style(
      Optional<RgbImage> mask, Optional<RgbImage> styleMask, String name) {
    RgbImage painting = TestEngine.imagesWithoutTies(90, 75).content().whole();
    return new StyleImage(painting, name.length(), mask, styleMask, name);
  }

  /** Darker from left to right. */
  private static RgbImage mask(int width, int height) {
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = 1 - (float) (i % width) / width;
    }
    return new RgbImage(width, height, planes);
  }
}
