package nst.job.plan;

import static nst.model.knob.Effect.FEATURES;
import static nst.model.knob.Effect.SIZES;
import static nst.model.knob.Effect.STYLE_TARGETS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.KnobVariations;
import nst.model.Preset;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowPlanTest {
  private static final Hyperparameters BASE =
      Preset.GATYS.hyperparameters().on(Backbone.VGG16).with(Knob.NETWORK, "a.safetensors");

  /** {@code StyleTargetKnobsTest} checks the declared effects. */
  @ParameterizedTest
  @EnumSource(Knob.class)
  void rowsAreGroupedByWhatTheirStyleTargetsDependOn(Knob knob) {
    assertThat(KnobVariations.of(BASE, knob))
        .isNotEmpty()
        .allSatisfy(
            varied ->
                assertThat(!group(varied).equals(group(BASE)))
                    .as("%s=%s is in another group", knob.key(), varied.text(knob))
                    .isEqualTo(knob.affectsAny(FEATURES, SIZES, STYLE_TARGETS)));
  }

  private static String group(Hyperparameters hyperparameters) {
    return RowPlan.styleGroup(
        new TransferRequest(
            "a", "c.png", "", List.of(new TransferRequest.Style("s.png", 1)), hyperparameters));
  }
}
