package nst.job.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import nst.job.cost.CostModel.Basis;
import nst.job.cost.CostModel.Estimate;
import nst.job.cost.CostModel.Vectors;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Setting.Device;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OptimizerChoices.Optimizer;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final Hyperparameters ROW = Preset.BALANCED.hyperparameters().on(Backbone.VGG16);
  private static final Workload WORK = Workload.of(ROW.with(Knob.IMAGE_SIZE, 512));

  @Test
  void rowsOfTheSameKindAndSizeTakeWhatTheyTook() {
    Estimate estimate = model(measured(512, 10, 40, 3)).estimate(WORK, Precision.FLOAT32);
    assertThat(estimate.seconds()).isCloseTo(4.3, within(1e-9));
    assertThat(estimate.basis()).isEqualTo(Basis.MEASURED);
  }

  @Test
  void betweenTwoSizesTheFactorLiesBetweenTheirs() {
    CostModel model =
        model(measured(256, 1, 3 * builtIn(256), 0), measured(1024, 1, 2 * builtIn(1024), 0));
    Estimate estimate =
        model.estimate(WORK, Precision.FLOAT32); // 512: the middle on a logarithmic scale
    assertThat(estimate.seconds()).isCloseTo(2.5 * builtIn(512), within(1e-9));
    assertThat(estimate.basis()).isEqualTo(Basis.SCALED);
  }

  @Test
  void sizesOutsideTheMeasuredRangeUseTheNearestOne() {
    CostModel model =
        model(measured(64, 1, 3 * builtIn(64), 0), measured(256, 1, 2 * builtIn(256), 0));
    assertThat(model.estimate(WORK, Precision.FLOAT32).seconds())
        .isCloseTo(2 * builtIn(512), within(1e-9));
  }

  /** At 64 px most of the time does not depend on the size, so the cost does not grow by 64. */
  @Test
  void aStepHasAPartThatDoesNotDependOnTheSize() {
    assertThat(builtIn(512)).isBetween(10 * builtIn(64), 55 * builtIn(64));
  }

  @Test
  void anotherOptimiserIsBetterThanNothing() {
    Workload adam = Workload.of(ROW.with(Map.of(Knob.OPTIMIZER, Optimizer.ADAM)));
    assertThat(model(measured(512, 1, 6, 0)).estimate(adam, Precision.FLOAT32).basis())
        .isEqualTo(Basis.BORROWED);
  }

  @Test
  void measurementsOfOtherDevicesOrPrecisionsAreIgnored() {
    CostModel gpu = new CostModel(Device.GPU, Vectors.AVX512, List.of(measured(512, 1, 6, 0)));
    assertThat(gpu.estimate(WORK, Precision.FLOAT32).basis()).isEqualTo(Basis.BUILT_IN);
    Workload single = Workload.of(ROW.with(Knob.PRECISION, "float32"));
    assertThat(model(measured(512, 1, 6, 0)).estimate(single, Precision.FLOAT32).basis())
        .isEqualTo(Basis.BUILT_IN);
  }

  @Test
  void withNothingMeasuredWorkStillOrdersRows() {
    CostModel model = CostModel.builtIn(Device.CPU);
    Workload larger = Workload.of(ROW.with(Knob.IMAGE_SIZE, 1024));
    assertThat(model.estimate(larger, Precision.FLOAT32).seconds())
        .isGreaterThan(3 * model.estimate(WORK, Precision.FLOAT32).seconds());
    assertThat(model.estimate(WORK, Precision.BFLOAT16).seconds())
        .isLessThan(model.estimate(WORK, Precision.FLOAT32).seconds());
  }

  @Test
  void withNothingMeasuredShorterVectorsTakeLonger() {
    double wide = CostModel.builtIn(Device.CPU).estimate(WORK, Precision.FLOAT32).seconds();
    CostModel narrow = new CostModel(Device.CPU, Vectors.AVX2, List.of());
    assertThat(narrow.estimate(WORK, Precision.FLOAT32).seconds()).isBetween(2 * wide, 3 * wide);
    CostModel gpu = new CostModel(Device.GPU, Vectors.AVX2, List.of());
    assertThat(gpu.estimate(WORK, Precision.FLOAT32))
        .isEqualTo(CostModel.builtIn(Device.GPU).estimate(WORK, Precision.FLOAT32));
  }

  /** What the constants of both CPUs share cancels out, so records of either serve both. */
  @Test
  void ofTheMeasuredSizeTheVectorsOfTheDriverDoNotMatter() {
    MeasuredCost measured = measured(512, 10, 40, 3);
    assertThat(
            new CostModel(Device.CPU, Vectors.AVX2, List.of(measured))
                .estimate(WORK, Precision.FLOAT32)
                .seconds())
        .isCloseTo(4.3, within(1e-9));
  }

  private static CostModel model(MeasuredCost... measured) {
    return new CostModel(Device.CPU, Vectors.AVX512, List.of(measured));
  }

  /** The built-in prediction for a row in float32, without the time for which it only waits. */
  private static double builtIn(int size) {
    CostModel model = CostModel.builtIn(Device.CPU);
    double other = model.estimate(new Workload("", "", size, 0, 0), Precision.FLOAT32).seconds();
    return model.estimate(work(size), Precision.FLOAT32).seconds() - other;
  }

  private static Workload work(int size) {
    return Workload.of(ROW.with(Knob.IMAGE_SIZE, size));
  }

  /**
   * The cost of some rows of a size.
   *
   * @param optimizeSeconds of all rows together
   * @param otherSeconds of all rows together
   */
  private static MeasuredCost measured(
      int size, long rows, double optimizeSeconds, double otherSeconds) {
    Workload work = work(size);
    return new MeasuredCost(
        work.arithmetic(),
        work.search(),
        size,
        "cpu",
        "float32",
        rows,
        rows * work.evaluations(),
        rows * work.teraflops(),
        optimizeSeconds,
        otherSeconds);
  }
}
