package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nst.engine.factor.LossScale;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.FilterBank;
import nst.engine.network.ImageTensors;
import nst.engine.network.TensorOperations;
import nst.engine.objective.Evaluation;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.Objective;
import nst.engine.objective.Parametrization;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.source.SourceImages;
import nst.engine.torch.Scalars;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.NetworkChoices.Pooling;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the gradient with finite differences of the loss. */
@Tag("slow")
class GradientTest {

  /** An objective for a 40 x 32 photo, and a start at which every term is differentiable. */
  private static final class Setting implements AutoCloseable {
    final NDManager manager = TestEngine.device().manager().newSubManager();
    final Objective objective;
    final NDArray variable; // (1, 3, 32, 40)

    Setting(Hyperparameters hyperparameters) {
      TestEngine.device().enter();
      Arithmetic arithmetic =
          new Arithmetic(hyperparameters.precision(), TensorOperations.load(manager));
      FeatureNetwork network =
          new FilterBank(manager, TestEngine.engine().weights())
              .network(arithmetic, hyperparameters.with(Knob.POOLING, Pooling.AVERAGE));
      Size size = new Size(40, 32);
      ScaleSetup scene =
          new ScaleSetup(
              new FeatureExtractor(manager, network, arithmetic),
              new SharedTargets(1 << 20, 0),
              new SourceImages(
                  TestEngine.photo(40, 32),
                  List.of(TestEngine.style(TestEngine.painting(40, 32), "painting")),
                  Optional.empty()),
              hyperparameters,
              size,
              size);
      Parametrization coordinates = Parametrization.of(hyperparameters);
      objective = scene.objective(coordinates);
      RgbImage start =
          ImageTensors.mixed(TestEngine.photo(40, 32), ImageTensors.noise(size, 3), 0.4);
      variable = coordinates.fromPixels(ImageTensors.of(manager, start));
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bounds=none\ngram=raw\nloss_normalization=none\nstyle_weight=1e-7",
        "bounds=none\noptimize_in=standardized\ngram=per_element\ntv_term=keras",
        "bounds=none\noptimize_in=caffe\nfeature_scale=caffe\ngram=per_position\ncontent_term=half_sum_squares",
        "tv_term=d2l\ntv_weight=0.5"
      })
  void agreesWithFiniteDifferences(String lines) {
    try (Setting setting = new Setting(TestEngine.shallow(lines))) {
      Evaluation evaluation = setting.objective.evaluate(setting.variable, 0);
      Random random = new Random(5);
      for (int trial = 0; trial < 3; trial++) {
        // Mostly along the gradient, so that the difference is larger than float32's rounding
        // error.
        NDArray gradient = evaluation.gradient();
        NDArray noise = ImageTensors.of(setting.manager, noise(random));
        NDArray direction =
            Scalars.times(1 / Math.sqrt(Scalars.dot(gradient, gradient)), gradient)
                .add(Scalars.times(0.5 / Math.sqrt(Scalars.dot(noise, noise)), noise));
        double step =
            0.02
                * Math.sqrt(Scalars.dot(setting.variable, setting.variable))
                / Math.sqrt(3 * 40 * 32);
        double up = total(setting, direction, step);
        double down = total(setting, direction, -step);

        assertThat((up - down) / (2 * step))
            .isCloseTo(Scalars.dot(gradient, direction), withinPercentage(1));
      }
    }
  }

  private static RgbImage noise(Random random) {
    float[] planes = new float[3 * 40 * 32];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (float) random.nextGaussian();
    }
    return new RgbImage(40, 32, planes);
  }

  private static double total(Setting setting, NDArray direction, double step) {
    NDArray moved = setting.variable.add(Scalars.times(step, direction));
    return setting.objective.evaluate(moved, 0).terms().total();
  }

  /**
   * With DJL's scalars in a graph, one gradient in 300 evaluations was wrong when memory was short.
   */
  @Test
  void staysTheSameForHundredsOfEvaluationsUnderMemoryPressure() {
    try (Setting setting =
        new Setting(TestEngine.shallow("bounds=none\noptimize_in=standardized"))) {
      float[] first = setting.objective.evaluate(setting.variable, 0).gradient().toFloatArray();
      int wrong = 0;
      for (int i = 0; i < 400; i++) {
        List<java.nio.ByteBuffer> churn = new ArrayList<>();
        for (int k = 0; k < 500; k++) {
          churn.add(java.nio.ByteBuffer.allocateDirect(4).putFloat(0, 777f));
        }
        if (i % 20 == 0) {
          System.gc();
        }
        Evaluation evaluation = setting.objective.evaluate(setting.variable, 0);
        wrong += Arrays.equals(first, evaluation.gradient().toFloatArray()) ? 0 : 1;
        evaluation.gradient().close();
        assertThat(churn).hasSize(500);
      }
      assertThat(wrong).isZero();
    }
  }

  @Test
  void leavesNoTensorBehind() {
    try (Setting setting = new Setting(TestEngine.shallow(""))) {
      setting.objective.evaluate(setting.variable, 0).gradient().close();
      int before = setting.manager.getManagedArrays().size();
      for (int i = 0; i < 10; i++) {
        setting.objective.evaluate(setting.variable, 0).gradient().close();
        setting.objective.score(setting.variable, 0);
      }
      assertThat(setting.manager.getManagedArrays()).hasSize(before);
    }
  }

  /**
   * Half precision is meant for GPUs. On the CPU it is slow but correct; its gradients are scaled.
   */
  @Test
  void float16PointsTheSameWay() {
    String half = "bounds=none\nprecision=float16\n";
    try (Setting exact = new Setting(TestEngine.shallow("bounds=none"));
        Setting coarse = new Setting(TestEngine.shallow(half))) {
      Evaluation a = exact.objective.evaluate(exact.variable, 0);
      Evaluation b = coarse.objective.evaluate(coarse.variable, 0);

      assertThat(Scalars.dot(a.gradient(), b.gradient()) / a.gradientNorm() / b.gradientNorm())
          .isGreaterThan(0.998);
      assertThat(b.gradientNorm()).isCloseTo(a.gradientNorm(), withinPercentage(2));
    }
  }

  @Test
  void lowersItsLossScaleUntilHalfPrecisionHoldsTheGradient() {
    // 2^16 times this loss is far above 65504, so a smaller scale must be used.
    String loud = "bounds=none\nprecision=float16\nstyle_weight=300\ncontent_weight=300\n";
    try (Setting setting = new Setting(TestEngine.shallow(loud))) {
      assertThat(setting.objective.evaluate(setting.variable, 0).isFinite()).isTrue();
    }
    LossScale scale = LossScale.of(Precision.FLOAT16);
    double before = scale.factor();
    assertThat(scale.lower()).isTrue();
    assertThat(scale.factor()).isLessThan(before);
    assertThat(LossScale.of(Precision.FLOAT32).lower()).isFalse();
  }

  @Test
  void bfloat16PointsTheSameWay() {
    String deep = "style_layers=relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1\nbounds=none\n";
    try (Setting exact = new Setting(TestEngine.shallow(deep));
        Setting coarse = new Setting(TestEngine.shallow(deep + "precision=bfloat16"))) {
      NDArray a = exact.objective.evaluate(exact.variable, 0).gradient();
      NDArray b = coarse.objective.evaluate(coarse.variable, 0).gradient();

      assertThat(Scalars.dot(a, b) / Math.sqrt(Scalars.dot(a, a)) / Math.sqrt(Scalars.dot(b, b)))
          .isGreaterThan(0.998);
    }
  }
}
