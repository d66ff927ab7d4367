package nst.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import nst.engine.TestEngine;
import nst.engine.source.StyleImage;
import nst.engine.tile.TileSize;
import nst.engine.torch.Scalars;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.knob.Layer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the objective in one call with the reference in many calls. */
class FusedObjectiveTest {
  private static final SmallObjectives OBJECTIVES = new SmallObjectives();
  private static final Size SIZE = new Size(61, 54);
  private static final double PROGRESS = 0.4;

  @AfterAll
  static void close() {
    OBJECTIVES.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bounds=none",
        "bounds=none;optimize_in=standardized;tv_term=squares",
        "bounds=none;optimize_in=caffe;tv_term=absolute;loss_normalization=none",
        "tv_term=keras;gram=per_element;style_term=mean_per_element",
        "pooling=max;padding=zeros;gram=raw;style_term=gatys;content_term=half_sum_squares;loss_normalization=none",
        "pooling=max;padding=replicate;gram=per_position",
        "content_layers=conv2_2:1,pool2:2;style_layers=relu2_1:1,relu1_2:3",
        "content_layers=conv1_1:1;style_layers=conv1_1:1,pool1:1",
        "content_layers=relu1_1:1;style_layers=relu1_1:1",
        "style_layers_end=relu1_2:1",
        "backbone=vgg16",
        "style_blend=grams"
      })
  void isTheReference(String knobs) {
    compare("precision=float32\n" + knobs.replace(';', '\n'), 1e-6, 1e-6);
    compare("precision=bfloat16\n" + knobs.replace(';', '\n'), 1e-6, 1e-6);
  }

  /** Of maps with more than 2^24 values, a pass may keep only the signs. */
  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16"})
  void isTheReferenceForLargeMaps(String precision) {
    Size large = new Size(640, 420);
    compare(large, "precision=" + precision + "\nstyle_layers=relu1_1:1,relu2_1:1", 1e-5, 1e-5);
  }

  @Test
  void isUsedOnlyWhereItIsTheReference() {
    assertThat(objective("precision=float64", styles(Optional.empty())))
        .isNotInstanceOf(FusedObjective.class);
    assertThat(
            objective(
                "precision=float32\nbackbone=mobilenet_v2\ncontent_layers=features4:1\nstyle_layers=features0:1",
                styles(Optional.empty())))
        .isNotInstanceOf(FusedObjective.class);
    RgbImage mask = TestEngine.imagesWithoutTies(20, 20).content().whole();
    assertThat(objective("precision=float32", styles(Optional.of(mask))))
        .isNotInstanceOf(FusedObjective.class);
  }

  @Test
  void leavesNoTensorBehind() {
    Hyperparameters h = TestEngine.shallow("precision=float32");
    try (NDManager manager = OBJECTIVES.newManager()) {
      Objective objective = objective(manager, h, styles(Optional.empty()));
      NDArray variable = OBJECTIVES.variable(manager, h, SIZE);
      objective.evaluate(variable, 0).gradient().close();
      int before = manager.getManagedArrays().size();
      objective.evaluate(variable, 0).gradient().close();

      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  private static void compare(String knobs, double ofTerms, double ofGradient) {
    compare(SIZE, knobs, ofTerms, ofGradient);
  }

  private static void compare(Size size, String knobs, double ofTerms, double ofGradient) {
    Hyperparameters h = TestEngine.shallow(knobs);
    try (NDManager manager = OBJECTIVES.newManager()) {
      FusedObjective objective =
          (FusedObjective)
              OBJECTIVES.objective(manager, h, size, styles(Optional.empty()), TileSize.NONE);
      NDArray variable = OBJECTIVES.variable(manager, h, size);
      double[] before = Scalars.values(variable);
      // Twice, because libtorch rewrites a method after its first call.
      objective.evaluate(variable, PROGRESS).gradient().close();
      Evaluation fused = objective.evaluate(variable, PROGRESS);
      Evaluation reference = objective.reference(variable, PROGRESS);

      assertThat(Scalars.values(variable)).isEqualTo(before);
      agree(fused.terms(), reference.terms(), ofTerms);
      assertThat(fused.gradientNorm())
          .isCloseTo(reference.gradientNorm(), within(ofGradient * reference.gradientNorm()));
      double difference =
          Math.sqrt(
              squares(fused.gradient().sub(reference.gradient())) / squares(reference.gradient()));
      assertThat(difference).as("gradient of %s", knobs).isLessThan(ofGradient);
    }
  }

  private static double squares(NDArray x) {
    return Scalars.dot(x, x);
  }

  private static void agree(LossTerms fused, LossTerms reference, double tolerance) {
    agree(fused.content(), reference.content(), tolerance);
    agree(fused.style(), reference.style(), tolerance);
    agree(fused.totalVariation(), reference.totalVariation(), tolerance);
    agree(fused.total(), reference.total(), tolerance);
    assertThat(fused.styleByLayer()).containsOnlyKeys(reference.styleByLayer().keySet());
    for (Layer layer : reference.styleByLayer().keySet()) {
      agree(fused.styleByLayer().get(layer), reference.styleByLayer().get(layer), tolerance);
    }
  }

  private static void agree(double fused, double reference, double tolerance) {
    assertThat(reference).isPositive();
    assertThat(fused).isCloseTo(reference, within(tolerance * reference));
  }

  private static Objective objective(String knobs, List<StyleImage> styles) {
    try (NDManager manager = OBJECTIVES.newManager()) {
      return objective(manager, TestEngine.shallow(knobs), styles);
    }
  }

  private static Objective objective(
      NDManager manager, Hyperparameters h, List<StyleImage> styles) {
    return OBJECTIVES.objective(manager, h, SIZE, styles, TileSize.NONE);
  }

  /** Two styles; the first has the mask. */
  private static List<StyleImage> styles(Optional<RgbImage> mask) {
    RgbImage one = TestEngine.imagesWithoutTies(90, 75).content().whole();
    RgbImage two = TestEngine.imagesWithoutTies(70, 81).content().whole();
    return List.of(
        new StyleImage(one, 1, mask, Optional.empty(), "one"),
        new StyleImage(two, 3, Optional.empty(), Optional.empty(), "two"));
  }
}
