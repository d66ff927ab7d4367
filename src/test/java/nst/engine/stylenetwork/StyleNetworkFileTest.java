package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StyleNetworkFileTest {
  private static final StyleNetworkArchitecture TINY =
      new StyleNetworkArchitecture(2, 1, Convolution.SEPARABLE);

  private static StyleNetworkFile file() {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        NDManager manager = device.manager().newSubManager();
        StyleNetwork network = StyleNetwork.untrained(manager, TINY, 2, 3)) {
      return StyleNetworkFile.of(network, "{\"steps\":1}");
    }
  }

  @Test
  void isReadAsItWasWritten() {
    StyleNetworkFile written = file();
    StyleNetworkFile read = StyleNetworkFile.of("a", written.encoded());

    assertThat(read.architecture()).isEqualTo(TINY);
    assertThat(read.looks()).isEqualTo(2);
    assertThat(read.recipe()).isEqualTo("{\"steps\":1}");
    assertThat(read.parameters().keySet()).isEqualTo(written.parameters().keySet());
    assertThat(read.encoded()).isEqualTo(written.encoded());
    long values =
        read.parameters().values().stream().mapToLong(tensor -> tensor.values().length).sum();
    assertThat(values).isEqualTo(TINY.parameters(2));
  }

  @ParameterizedTest
  @CsvSource({
    "width, 0, width=0",
    "width, 3, tensor first.weight",
    "width, 99999, width=99999",
    "convolution, none, convolution=none",
    "looks, 3, tensor first.scale",
    "format, other, the format other",
  })
  void metadataThatDoesNotFitIsRefused(String key, String value, String message) {
    StyleNetworkFile file = file();
    SortedMap<String, String> metadata = new TreeMap<>(file.metadata());
    metadata.put(key, value);
    byte[] bytes = SafetensorsEncoder.encoded(file.parameters(), metadata);

    assertThatThrownBy(() -> StyleNetworkFile.of("a.safetensors", bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.safetensors")
        .hasMessageContaining(message);
  }

  @Test
  void aMissingTensorAndOneThatIsNotFiniteAreNamed() {
    StyleNetworkFile file = file();
    SortedMap<String, Tensor> without = new TreeMap<>(file.parameters());
    Tensor last = without.remove("last.weight");
    byte[] missing = SafetensorsEncoder.encoded(without, file.metadata());
    assertThatThrownBy(() -> StyleNetworkFile.of("a", missing))
        .hasMessageContaining("it has no tensor last.weight");

    float[] values = last.values().clone();
    values[5] = Float.NaN;
    without.put("last.weight", new Tensor(last.shape(), values));
    byte[] broken = SafetensorsEncoder.encoded(without, file.metadata());
    assertThatThrownBy(() -> StyleNetworkFile.of("a", broken))
        .hasMessageContaining("last.weight")
        .hasMessageContaining("value 5 is NaN");
  }
}
