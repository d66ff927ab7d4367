package nst.job.cost;

import static nst.model.knob.Effect.MEMORY;
import static nst.model.knob.Effect.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import nst.job.executor.MemoryLimit;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.KnobVariations;
import nst.model.Preset;
import nst.model.Setting.Device;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that each knob changes the predicted time and memory exactly if it declares this. */
class RowCostsTest {
  /** Together, these recipes use every knob that the prediction depends on. */
  private static final List<Hyperparameters> BASES =
      Stream.of(
              Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, 1024),
              Preset.GATYS.hyperparameters(),
              Preset.D2L.hyperparameters(),
              Preset.SCHEDULED.hyperparameters())
          .map(recipe -> recipe.on(Backbone.VGG16).with(Knob.PRECISION, "auto"))
          .map(recipe -> recipe.with(Knob.NETWORK, "a.safetensors")) // init=network needs one
          .toList();

  @ParameterizedTest
  @EnumSource(Knob.class)
  void aKnobAffectsThePredictedTimeAsDeclared(Knob knob) {
    assertThat(changes(knob, cost -> List.of(cost.work(), cost.estimate())))
        .as("%s changes the predicted time", knob.key())
        .isEqualTo(knob.affectsAny(TIME));
  }

  @ParameterizedTest
  @EnumSource(Knob.class)
  void aKnobAffectsThePredictedMemoryAsDeclared(Knob knob) {
    assertThat(changes(knob, RowCosts.Cost::memoryBytes))
        .as("%s changes the predicted memory", knob.key())
        .isEqualTo(knob.affectsAny(MEMORY));
  }

  /** The cached cost of one kind of row must not be used for another. */
  @ParameterizedTest
  @EnumSource(Knob.class)
  void rememberedCostsAreThoseOfTheRow(Knob knob) {
    RowCosts remembering = costs();
    for (Hyperparameters base : BASES) {
      remembering.of(request(base));
      for (Hyperparameters varied : KnobVariations.of(base, knob)) {
        assertThat(remembering.of(request(varied))).isEqualTo(costs().of(request(varied)));
      }
    }
  }

  @Test
  void aNetworksPictureWithoutLossesIsAKindOfItsOwn() {
    RowCosts remembering = costs();
    TransferRequest request =
        request(
            BASES
                .get(0)
                .with(Knob.INIT, "network")
                .with(Knob.SMALLEST_SIZE, 0)
                .with(Knob.NUM_ITERATIONS, 0));
    Workload measured = remembering.of(request).work();
    Workload unmeasured = remembering.of(request, Workload.Losses.NOT_MEASURED).work();
    assertThat(unmeasured.search()).isNotEqualTo(measured.search());
    assertThat(unmeasured.teraflops()).isBetween(0.01, 0.5 * measured.teraflops());
    assertThat(remembering.of(request).work()).isEqualTo(measured);
  }

  private static boolean changes(Knob knob, Function<RowCosts.Cost, ?> part) {
    int variations = 0;
    boolean changes = false;
    for (Hyperparameters base : BASES) {
      Object before = part.apply(costs().of(request(base)));
      for (Hyperparameters varied : KnobVariations.of(base, knob)) {
        variations++;
        changes |= !part.apply(costs().of(request(varied))).equals(before);
      }
    }
    assertThat(variations).as("variations of %s", knob.key()).isPositive();
    return changes;
  }

  private static RowCosts costs() {
    return new RowCosts(CostModel.builtIn(Device.GPU), new MemoryLimit(Long.MAX_VALUE, "no limit"));
  }

  private static TransferRequest request(Hyperparameters hyperparameters) {
    return new TransferRequest(
        "a", "c.png", "", List.of(new TransferRequest.Style("s.png", 1)), hyperparameters);
  }
}
