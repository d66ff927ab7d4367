package nst.job.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import nst.engine.stylenetwork.TrainingSchedule;
import nst.job.cost.Amortization.Choice;
import nst.job.cost.Amortization.Network;
import nst.job.executor.MemoryLimit;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Setting.Device;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.OptimizerChoices.Init;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmortizationTest {
  private static final Hyperparameters BALANCED =
      Preset.BALANCED.hyperparameters().on(Backbone.VGG16);

  @ParameterizedTest
  @CsvSource({
    // photos, network, optimise, train, apply, choice, seconds
    "2000, NONE, 60000, 9000, 12000, TRAIN, 21000",
    "2000, EXISTS, 60000, 9000, 12000, APPLY, 12000",
    "200, NONE, 6000, 9000, 1200, OPTIMIZE, 6000",
    "200, EXISTS, 6000, 9000, 1200, APPLY, 1200",
    "300, NONE, 9000, 7200, 1800, OPTIMIZE, 9000", // the same cost
    "300, NONE, 9001, 7200, 1800, TRAIN, 9000",
    "3, NONE, 60000, 9000, 12000, OPTIMIZE, 60000", // too few photos to train on
    "3, EXISTS, 60000, 9000, 12000, APPLY, 12000",
    "2000, EXISTS, 0, 9000, 12000, OPTIMIZE, 0", // all done by optimisation
    "2000, EXISTS, 60000, 9000, 0, APPLY, 0", // all done with the network
  })
  void takesTheCheaperWay(
      long photos,
      Network network,
      double optimize,
      double train,
      double apply,
      Choice choice,
      double seconds) {
    Amortization group = new Amortization(2000, photos, network, optimize, train, apply);
    assertThat(group.choice()).isEqualTo(choice);
    assertThat(group.seconds()).isEqualTo(seconds);
  }

  /** The catalogue of issue 16: 10,000 photos with each of 5 paintings, 512 px. */
  @ParameterizedTest
  @CsvSource({"10000, TRAIN", "1000, TRAIN", "100, OPTIMIZE", "10, OPTIMIZE"})
  void aLargeCatalogueTrainsAndASmallOneDoesNot(long rows, Choice choice) {
    Amortization bills = bills(rows);
    assertThat(bills.choice()).isEqualTo(choice);
    assertThat(bills.applySeconds()).isLessThan(0.5 * bills.optimizeSeconds());
    assertThat(bills.optimizeSeconds()).isCloseTo(rows * bills(1).optimizeSeconds(), within(1e-3));
    assertThat(bills.trainSeconds()).isEqualTo(bills(1).trainSeconds());
  }

  private static Amortization bills(long rows) {
    RowCosts costs =
        new RowCosts(CostModel.builtIn(Device.CPU), new MemoryLimit(Long.MAX_VALUE, "no limit"));
    Hyperparameters refined = Amortization.refining(BALANCED, "file:/n");
    return new Amortization(
        rows,
        rows,
        Network.NONE,
        rows * costs.of(request(BALANCED)).estimate().seconds(),
        costs.trainingSeconds(request(BALANCED), TrainingSchedule.DEFAULT),
        rows * costs.of(request(refined)).estimate().seconds());
  }

  private static TransferRequest request(Hyperparameters h) {
    return new TransferRequest(
        "a", "c.png", "", java.util.List.of(new TransferRequest.Style("s.png", 1)), h);
  }

  @Test
  void aRefinedRowHasAFifthOfItsSteps() {
    Hyperparameters refined = Amortization.refining(BALANCED, "file:/n");
    assertThat(refined.init()).isEqualTo(Init.NETWORK);
    assertThat(refined.network()).isEqualTo("file:/n");
    assertThat(refined.smallestSize()).isZero();
    assertThat(refined.numIterations()).isEqualTo(6);
    assertThat(
            Amortization.refining(BALANCED.with(Knob.NUM_ITERATIONS, 3), "file:/n").numIterations())
        .isOne();
  }
}
