package nst.engine.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import nst.engine.network.Architecture.Convolution;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.Backbone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkWeightsTest {
  @TempDir Path folder;

  private static Convolution convolution(Backbone backbone, int index) {
    return Architecture.of(backbone).convolutions().get(index);
  }

  @Test
  void seedsTheSameBitsOnEveryMachine() {
    NetworkWeights seeded = NetworkWeights.seeded(Backbone.VGG19);

    assertThat(seeded.sha256())
        .isEqualTo("cb119babb273eadd49074de73d0e739147c6d4c05e15db2233e1adeb3d33c50b");
  }

  @Test
  void seedsOrthonormalRowsTimesTheGain() {
    // (64, 64 * 9): more columns than rows
    float[] weight =
        NetworkWeights.seeded(Backbone.VGG19).filters(convolution(Backbone.VGG19, 1)).weight();

    for (int a = 0; a < 64; a++) {
      for (int b = 0; b <= a; b++) {
        double product = 0;
        for (int i = 0; i < 576; i++) {
          product += (double) weight[a * 576 + i] * weight[b * 576 + i];
        }
        assertThat(product).isCloseTo(a == b ? 2 : 0, within(1e-5));
      }
    }
  }

  @Test
  void spreadsEachRowOverAllItsInputs() {
    float[] weight =
        NetworkWeights.seeded(Backbone.VGG19).filters(convolution(Backbone.VGG19, 12)).weight();
    double sum = 0;
    double fourth = 0;
    for (float value : weight) {
      sum += (double) value * value;
      fourth += Math.pow(value, 4);
    }
    double kurtosis = fourth / weight.length / Math.pow(sum / weight.length, 2);

    assertThat(kurtosis).as("of a normal distribution").isCloseTo(3, within(0.1));
  }

  @Test
  void readsWhatTorchvisionNames() throws IOException {
    Path file = folder.resolve("vgg16.safetensors");
    FixtureWeights.write(Backbone.VGG16, 1, file);

    NetworkWeights weights = NetworkWeights.load(file, "");

    assertThat(weights.filters(convolution(Backbone.VGG16, 0)).weight())
        .isEqualTo(FixtureWeights.values("features.0.weight", new long[] {64, 3, 3, 3}, 1, 0));
    assertThat(weights.backbone()).isEqualTo(Backbone.VGG16);
    assertThat(weights.facts().basis()).isEqualTo(NetworkFacts.Basis.ASSUMED);
    assertThatThrownBy(() -> NetworkWeights.load(file, "00ff"))
        .hasMessageContaining("expected sha256 00ff, was " + weights.sha256());
    assertThat(NetworkWeights.load(file, weights.sha256()).sha256()).isEqualTo(weights.sha256());
  }

  @Test
  void foldsBatchNormalisationIntoTheFilters() throws IOException {
    Path file = folder.resolve("mobile.safetensors");
    FixtureWeights.write(Backbone.MOBILENET_V2, 1, file);

    FilterValues folded =
        NetworkWeights.load(file, "").filters(convolution(Backbone.MOBILENET_V2, 0));

    long[] channels = {32};
    float raw = FixtureWeights.values("features.0.0.weight", new long[] {32, 3, 3, 3}, 1, 0)[0];
    float gamma = FixtureWeights.values("features.0.1.weight", channels, 1, 1)[0];
    float beta = FixtureWeights.values("features.0.1.bias", channels, 1, 2)[0];
    float mean = FixtureWeights.values("features.0.1.running_mean", channels, 1, 3)[0];
    float variance = FixtureWeights.values("features.0.1.running_var", channels, 1, 4)[0];
    double factor = gamma / Math.sqrt(variance + 1e-5);
    assertThat(folded.weight()[0]).isCloseTo((float) (raw * factor), within(1e-6f));
    assertThat(folded.bias()[0]).isCloseTo((float) (beta - mean * factor), within(1e-6f));
  }

  @Test
  void refusesAPickleWithTheCommandThatConvertsIt() {
    assertThatThrownBy(() -> NetworkWeights.load(Path.of("vgg19.pth"), ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("python -c")
        .hasMessageContaining("'vgg19.safetensors'");
  }

  @Test
  void refusesWhatIsNoSafetensorsFile() throws IOException {
    Path text = folder.resolve("text.safetensors");
    Files.writeString(text, "these are no weights at all");

    assertThatThrownBy(() -> NetworkWeights.load(text, ""))
        .hasMessageContaining("expected a safetensors file");
    assertThatThrownBy(() -> NetworkWeights.load(folder.resolve("none.safetensors"), ""))
        .hasMessageContaining("Cannot read weights");
  }

  @Test
  void refusesATensorOfAnotherShape() throws IOException {
    Path file = folder.resolve("small.safetensors");
    Files.write(
        file,
        SafetensorsFileTest.file("{\"features.0.weight\":" + entry("[64,3,1,1]", 768) + "}", 768));

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("small.safetensors")
        .hasMessageContaining("expected tensor features.0.weight of shape [64, 3, 3, 3]")
        .hasMessageContaining("was [64, 3, 1, 1]");
  }

  @Test
  void refusesAPickleWithTheRightName() throws IOException {
    Path file = folder.resolve("renamed.safetensors");
    Files.write(file, "PK\u0003\u0004 and so on: torch.save writes a zip".getBytes(UTF_8));

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a safetensors file");
  }

  @Test
  void refusesAHeaderThatIsNotJson() throws IOException {
    Path file = folder.resolve("broken.safetensors");
    Files.write(file, SafetensorsFileTest.file("no JSON", 0));

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .hasMessageContaining("its header is not JSON");
  }

  @Test
  void refusesAValueThatIsNotFiniteAsItIsLoaded() throws IOException {
    Path file = folder.resolve("nan.safetensors");
    FixtureWeights.write(Backbone.VGG16, 1, file);
    writeLast(file, Float.NaN);

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nan.safetensors")
        .hasMessageContaining("tensor features.28.bias: expected finite numbers")
        .hasMessageContaining("value 511 is NaN");
  }

  @Test
  void refusesABatchNormalisationThatMakesNoNumbers() throws IOException {
    Path file = folder.resolve("mobile.safetensors");
    FixtureWeights.write(Backbone.MOBILENET_V2, 1, file);
    writeLast(file, -1f); // the variance

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected finite filters from tensor features.")
        .hasMessageContaining("running_var");
  }

  private static void writeLast(Path file, float value) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, channel.size() - Float.BYTES);
    }
  }

  private static String entry(String shape, int bytes) {
    return "{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0," + bytes + "]}";
  }

  @Test
  void readsHalfPrecision() {
    assertThat(SafetensorsFile.halfToFloat((short) 0x3c00)).isEqualTo(1f);
    assertThat(SafetensorsFile.halfToFloat((short) 0xc000)).isEqualTo(-2f);
    assertThat(SafetensorsFile.halfToFloat((short) 0x3555)).isCloseTo(0.33325f, within(1e-5f));
    assertThat(SafetensorsFile.halfToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(SafetensorsFile.halfToFloat((short) 0x7c00)).isInfinite();
    assertThat(SafetensorsFile.halfToFloat((short) 0x7e00)).isNaN();
  }

  @Test
  void readsEveryNumberOfHalfPrecision() {
    for (int half = 0; half <= 0xffff; half++) {
      int exponent = half >> 10 & 0x1f;
      int fraction = half & 0x3ff;
      double magnitude =
          exponent == 0
              ? Math.scalb(fraction, -24)
              : exponent == 0x1f
                  ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                  : Math.scalb(1 + fraction / 1024.0, exponent - 15);
      assertThat(SafetensorsFile.halfToFloat((short) half))
          .as("%04x", half)
          .isEqualTo(Float.valueOf((float) (half < 0x8000 ? magnitude : -magnitude)));
    }
  }
}
