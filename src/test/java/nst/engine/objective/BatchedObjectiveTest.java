package nst.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares images that share a pass with the same images alone. */
class BatchedObjectiveTest {
  private static final SmallObjectives OBJECTIVES = new SmallObjectives();
  private static final Size SIZE = new Size(61, 54);
  private static final double PROGRESS = 0.4;

  /** Images of one shape, which differ in everything that a pass allows. */
  private static final List<String> IMAGES =
      List.of(
          "",
          "bounds=none;optimize_in=standardized;tv_term=squares;content_weight=0.7",
          "bounds=none;optimize_in=caffe;tv_term=absolute;gram=raw",
          "bounds=none;tv_term=keras;gram=per_element;style_term=mean_per_element;style_blend=losses",
          "style_weight=3;content_term=half_sum_squares;loss_normalization=none");

  @AfterAll
  static void close() {
    OBJECTIVES.close();
  }

  @ParameterizedTest
  @CsvSource({"float32, 1e-5", "bfloat16, 1e-2"})
  void agreesWithImagesAlone(String precision, double tolerance) {
    compare("precision=" + precision, tolerance);
  }

  @Test
  void isExactInFloat64() {
    compare("precision=float64", 0);
  }

  @Test
  void evaluatesImagesWithMasksInOnePassToo() {
    RgbImage mask = TestEngine.imagesWithoutTies(20, 20).content().whole();
    try (NDManager manager = OBJECTIVES.newManager()) {
      compare(
          List.of(
              point(manager, "precision=float64", styles(2, Optional.of(mask))),
              point(manager, "precision=float64", styles(1, Optional.empty()))),
          0);
    }
  }

  private static void compare(String precision, double tolerance) {
    try (NDManager manager = OBJECTIVES.newManager()) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < IMAGES.size(); i++) {
        String knobs = precision + "\n" + IMAGES.get(i).replace(';', '\n');
        points.add(point(manager, knobs, styles(1 + i % 2, Optional.empty())));
      }
      compare(points, tolerance);
    }
  }

  private static void compare(List<Point> points, double tolerance) {
    List<Evaluation> together = BatchedObjective.evaluate(points);
    assertThat(together).hasSameSizeAs(points);
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      Evaluation alone = point.objective().evaluate(point.variable(), point.progress());
      Evaluation one = together.get(i);
      agree(one.terms().content(), alone.terms().content(), tolerance);
      agree(one.terms().style(), alone.terms().style(), tolerance);
      agree(one.terms().totalVariation(), alone.terms().totalVariation(), tolerance);
      agree(one.gradientNorm(), alone.gradientNorm(), tolerance);
      NDArray difference = one.gradient().sub(alone.gradient());
      assertThat(Math.sqrt(Scalars.dot(difference, difference)))
          .as("gradient of image %d", i)
          .isLessThanOrEqualTo(tolerance * alone.gradientNorm());
    }
  }

  private static void agree(double together, double alone, double tolerance) {
    assertThat(alone).isPositive();
    assertThat(together).isCloseTo(alone, within(tolerance * alone));
  }

  private static Point point(NDManager manager, String knobs, List<StyleImage> styles) {
    Hyperparameters h = TestEngine.shallow(knobs);
    return new Point(
        OBJECTIVES.objective(manager, h, SIZE, styles, TileSize.NONE),
        OBJECTIVES.variable(manager, h, SIZE),
        PROGRESS);
  }

  /** One or two styles; the first has the mask. */
  private static List<StyleImage> styles(int count, Optional<RgbImage> mask) {
    RgbImage one = TestEngine.imagesWithoutTies(90, 75).content().whole();
    RgbImage two = TestEngine.imagesWithoutTies(70, 81).content().whole();
    return List.of(
            new StyleImage(one, 1, mask, Optional.empty(), "one"),
            new StyleImage(two, 3, Optional.empty(), Optional.empty(), "two"))
        .subList(0, count);
  }
}
