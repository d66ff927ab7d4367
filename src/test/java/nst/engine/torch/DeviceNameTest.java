package nst.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeviceNameTest {

  @Test
  void readsWhatItPrints() {
    assertThat(DeviceName.parse("cpu")).isEqualTo(DeviceName.CPU).hasToString("cpu");
    assertThat(DeviceName.parse("GPU")).hasToString("gpu:0");
    assertThat(DeviceName.parse(" gpu:3 ")).hasToString("gpu:3");
  }

  @Test
  void refusesAnythingElse() {
    assertThatThrownBy(() -> DeviceName.parse("cuda:0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected cpu, gpu or gpu:N, was cuda:0");
  }

  @Test
  void neverFallsBackToAnotherDevice() {
    assertThatThrownBy(() -> TorchDevice.open(DeviceName.parse("gpu:99")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gpu:99")
        .hasMessageContaining("device=cpu");
  }
}
