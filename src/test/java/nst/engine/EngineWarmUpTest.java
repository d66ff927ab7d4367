package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import nst.engine.network.NetworkWeights;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class EngineWarmUpTest {
  @ParameterizedTest
  @EnumSource(value = Backbone.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void evaluatesTheNetworkThatTheEngineHas(Backbone backbone) {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.seeded(backbone))) {
      engine.warmUp(Preset.BALANCED.hyperparameters());

      assertThat(engine.passes()).isGreaterThanOrEqualTo(2);
    }
  }

  /** The rest of the network is not put on the device. */
  @Test
  void usesTheLayersOfTheRows() {
    Hyperparameters rows =
        Preset.GATYS
            .hyperparameters()
            .with(Knob.CONTENT_LAYERS, "relu1_1:1")
            .with(Knob.STYLE_LAYERS, "relu1_1:1");
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.seeded(Backbone.VGG16))) {
      engine.warmUp(rows);
      assertThat(engine.filters()).isEqualTo(1);

      engine.warmUp(Preset.BALANCED.hyperparameters());
      assertThat(engine.filters()).isGreaterThan(1);
    }
  }
}
