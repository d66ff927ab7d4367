package nst.job.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import nst.job.cost.CostModel.Basis;
import nst.job.cost.CostModel.Estimate;
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
    MeasuredCost measured = measured(512, 10, 10 * WORK.teraflops(), 40, 3);
    Estimate estimate = model(measured).estimate(WORK, Precision.FLOAT32);
    assertThat(estimate.seconds()).isCloseTo(4.3, within(1e-9));
    assertThat(estimate.basis()).isEqualTo(Basis.MEASURED);
  }

  @Test
  void betweenTwoSizesSecondsPerOperationLieBetweenTheirs() {
    CostModel model = model(measured(256, 1, 1, 6, 0), measured(1024, 1, 1, 4, 0));
    Estimate estimate =
        model.estimate(WORK, Precision.FLOAT32); // 512: the middle on a logarithmic scale
    assertThat(estimate.seconds()).isCloseTo(5 * WORK.teraflops(), within(1e-9));
    assertThat(estimate.basis()).isEqualTo(Basis.SCALED);
  }

  @Test
  void beyondTheMeasuredSizesTheNearestStands() {
    CostModel model = model(measured(64, 1, 1, 6, 0), measured(256, 1, 1, 4, 0));
    assertThat(model.estimate(WORK, Precision.FLOAT32).seconds())
        .isCloseTo(4 * WORK.teraflops(), within(1e-9));
  }

  @Test
  void anotherOptimiserIsBetterThanNothing() {
    Workload adam = Workload.of(ROW.with(Map.of(Knob.OPTIMIZER, Optimizer.ADAM)));
    assertThat(model(measured(512, 1, 1, 6, 0)).estimate(adam, Precision.FLOAT32).basis())
        .isEqualTo(Basis.BORROWED);
  }

  @Test
  void whatAnotherDeviceOrAnotherPrecisionTookSaysNothing() {
    CostModel gpu = new CostModel(Device.GPU, List.of(measured(512, 1, 1, 6, 0)));
    assertThat(gpu.estimate(WORK, Precision.FLOAT32).basis()).isEqualTo(Basis.BUILT_IN);
    Workload single = Workload.of(ROW.with(Knob.PRECISION, "float32"));
    assertThat(model(measured(512, 1, 1, 6, 0)).estimate(single, Precision.FLOAT32).basis())
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

  private static CostModel model(MeasuredCost... measured) {
    return new CostModel(Device.CPU, List.of(measured));
  }

  private static MeasuredCost measured(
      int size, long rows, double teraflops, double optimizeSeconds, double otherSeconds) {
    return new MeasuredCost(
        WORK.arithmetic(),
        WORK.search(),
        size,
        "cpu",
        "bfloat16",
        rows,
        teraflops,
        optimizeSeconds,
        otherSeconds);
  }
}
