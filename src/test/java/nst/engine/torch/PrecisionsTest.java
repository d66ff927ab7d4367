package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrecisionsTest {
  /** A device that is fast at bfloat16, whatever the machine of the test. */
  private static final DeviceName FAST = DeviceName.parse("gpu:0");

  @ParameterizedTest
  @EnumSource(Preset.class)
  void autoTakesBfloat16UnlessAWolfeSearchWouldStall(Preset preset) {
    boolean searchesByWolfe = preset.name().startsWith("GATYS");

    assertThat(Precisions.effective(preset.hyperparameters().with(Knob.PRECISION, "auto"), FAST))
        .isEqualTo(searchesByWolfe ? Precision.FLOAT32 : Precision.BFLOAT16);
  }

  @Test
  void autoKeepsMobilenetInFloat32() {
    Hyperparameters mobilenet =
        Preset.BALANCED.hyperparameters().with(Knob.BACKBONE, Backbone.MOBILENET_V2);

    assertThat(Precisions.effective(mobilenet, FAST)).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void aPrecisionThatARowNamesIsTaken() {
    Hyperparameters gatys = Preset.GATYS.hyperparameters();

    assertThat(Precisions.effective(gatys.with(Knob.PRECISION, "bfloat16"), FAST))
        .isEqualTo(Precision.BFLOAT16);
    assertThat(Precisions.effective(gatys.with(Knob.PRECISION, "float16"), FAST))
        .isEqualTo(Precision.FLOAT16);
    assertThatThrownBy(
            () -> Precisions.effective(gatys.with(Knob.PRECISION, "float16"), DeviceName.CPU))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Invalid precision");
  }
}
