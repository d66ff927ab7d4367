package nst.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.TestEngine;
import nst.engine.network.Architecture.Convolution;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.NetworkFacts;
import nst.model.NetworkFacts.Basis;
import nst.model.NetworkFacts.Input;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checks one network, the embedded VGG16, in the four forms of weights files: input RGB or BGR, and
 * the activation scale of Caffe or torchvision.
 */
@Tag("slow")
class NetworkFormsTest {
  /**
   * In double precision, only the float32 values of the files differ: a fiftieth of a grey level.
   */
  private static final double ROUNDING = 0.02 / 255;

  private static final double CAFFE = FeatureScale.CAFFE.activationScale();
  private static final double TORCHVISION = FeatureScale.TORCHVISION.activationScale();

  @TempDir static Path folder;

  private static final Map<String, StyleTransfer> FORMS = new LinkedHashMap<>();

  @BeforeAll
  static void writeAllForms() throws IOException {
    for (Input input : Input.values()) {
      for (double scale : new double[] {CAFFE, TORCHVISION}) {
        Path file = file(input, scale, Map.of());
        FORMS.put(
            input + " " + scale,
            StyleTransfer.open(TestEngine.device(), NetworkWeights.load(file, "")));
      }
    }
  }

  @AfterAll
  static void close() {
    FORMS.values().forEach(StyleTransfer::close);
    FORMS.clear();
  }

  /** The embedded network as another program would save it. */
  private static Path file(Input input, double scale, Map<String, String> metadata)
      throws IOException {
    NetworkWeights embedded = NetworkWeights.embedded();
    Convolution first = Architecture.of(Backbone.VGG16).convolutions().get(0);
    double factor = scale / CAFFE;
    Path file = folder.resolve(input + "-" + scale + "-" + metadata.hashCode() + ".safetensors");
    SafetensorsWriter.write(
        embedded,
        convolution -> {
          FilterValues filters = embedded.filters(convolution);
          if (!convolution.equals(
              first)) { // ReLU networks are homogeneous: only biases have the scale
            return new FilterValues(filters.weight(), times(filters.bias(), factor));
          }
          FilterValues read = input == Input.BGR_MINUS_MEANS ? unfolded(filters) : filters;
          return new FilterValues(times(read.weight(), factor), times(read.bias(), factor));
        },
        metadata,
        file);
    return file;
  }

  private static float[] times(float[] values, double factor) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = (float) (values[i] * factor);
    }
    return scaled;
  }

  /**
   * Computed from the definition: with input b, g, r = 255 x - mean, the maps are the same as with
   * standardised input.
   */
  private static FilterValues unfolded(FilterValues rgb) {
    double[] mean = {0.485, 0.456, 0.406};
    double[] deviation = {0.229, 0.224, 0.225};
    double[] caffeMean = {123.68, 116.779, 103.939};
    float[] weight = new float[rgb.weight().length];
    float[] bias = rgb.bias().clone();
    for (int out = 0; out < 64; out++) {
      double shift = 0;
      for (int colour = 0; colour < 3; colour++) {
        for (int i = 0; i < 9; i++) {
          double value = rgb.weight()[(out * 3 + colour) * 9 + i] / (255 * deviation[colour]);
          weight[(out * 3 + 2 - colour) * 9 + i] = (float) value;
          shift += value * (255 * mean[colour] - caffeMean[colour]);
        }
      }
      bias[out] = (float) (bias[out] - shift);
    }
    return new FilterValues(weight, bias);
  }

  @Test
  void recognizesEachForm() {
    for (Input input : Input.values()) {
      for (double scale : new double[] {CAFFE, TORCHVISION}) {
        assertThat(FORMS.get(input + " " + scale).weights().facts())
            .isEqualTo(new NetworkFacts(input, scale, Basis.RECOGNIZED));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void everyRecipeGivesTheSamePictureWithEachForm(Preset preset) {
    Hyperparameters hyperparameters =
        TestEngine.with(
            preset.hyperparameters(),
            """
            precision=float64
            image_size=32
            image_width=32
            image_height=32
            smallest_size=0
            num_iterations=1
            """);
    List<StylizedImage> results =
        FORMS.values().stream()
            .map(
                engine ->
                    engine.stylize(TestEngine.imagesWithoutTies(48, 32), hyperparameters, s -> {}))
            .toList();

    StylizedImage first = results.get(0);
    for (StylizedImage other : results.subList(1, results.size())) {
      assertThat(farthest(other.image(), first.image())).isLessThan(ROUNDING);
      assertThat(other.saved().totalLoss() / first.saved().totalLoss()).isCloseTo(1, within(1e-4));
    }
    assertThat(first.saved().totalLoss()).isNotEqualTo(first.initialTotalLoss());
  }

  private static double farthest(RgbImage one, RgbImage other) {
    double farthest = 0;
    for (int i = 0; i < one.planes().length; i++) {
      farthest = Math.max(farthest, Math.abs(one.planes()[i] - other.planes()[i]));
    }
    return farthest;
  }

  @Test
  void anUnknownFileHasTheFactsOfItsMetadata() throws IOException {
    NetworkWeights seeded = NetworkWeights.seeded(Backbone.VGG16);
    Path file = folder.resolve("metadata.safetensors");
    SafetensorsWriter.write(
        seeded,
        seeded::filters,
        Map.of("nst.input", "bgr_minus_means", "nst.activation_scale", "12.5"),
        file);

    assertThat(NetworkWeights.load(file, "").facts())
        .isEqualTo(new NetworkFacts(Input.BGR_MINUS_MEANS, 12.5, Basis.METADATA));
    assertThat(
            NetworkWeights.load(file, "", ConfiguredFacts.parse("rgb_standardized", "caffe"))
                .facts())
        .isEqualTo(new NetworkFacts(Input.RGB_STANDARDIZED, CAFFE, Basis.CONFIGURED));
  }

  @Test
  void warnsThatTorchvisionsConventionsAreAssumed() throws IOException {
    Path file = folder.resolve("unknown.safetensors");
    SeededWeightsFile.write(Backbone.VGG16, file);

    assertThat(NetworkWeights.load(file, "").facts())
        .isEqualTo(new NetworkFacts(Input.RGB_STANDARDIZED, TORCHVISION, Basis.ASSUMED));
  }

  @Test
  void refusesMetadataThatContradictsTheFilters() throws IOException {
    Path file = file(Input.BGR_MINUS_MEANS, CAFFE, Map.of("nst.input", "rgb_standardized"));

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its metadata says nst.input=rgb_standardized")
        .hasMessageContaining("its first filters are VGG16's for bgr_minus_means");
  }

  @Test
  void refusesMetadataThatIsNoFact() throws IOException {
    Path file = file(Input.RGB_STANDARDIZED, CAFFE, Map.of("nst.activation_scale", "-1"));

    assertThatThrownBy(() -> NetworkWeights.load(file, ""))
        .hasMessageContaining("nst.activation_scale")
        .hasMessageContaining("expected auto, caffe, torchvision or a positive number, was -1");
  }

  @Test
  void carriesTheNetworkThatItSaysItCarries() {
    NetworkWeights embedded = NetworkWeights.embedded();

    assertThat(embedded.sha256()).isEqualTo(EmbeddedNetwork.SHA256);
    assertThat(embedded.backbone()).isEqualTo(Backbone.VGG16);
    SafetensorsFile file = SafetensorsFile.of("embedded", EmbeddedNetwork.bytes());
    assertThat(file.metadata("licence")).contains("CC BY 4.0");
    assertThat(file.metadata("nst.input")).contains("rgb_standardized");
    assertThat(file.metadata("nst.activation_scale")).contains("caffe");
    assertThat(EmbeddedNetwork.class.getResource("vgg16.LICENSE.txt")).isNotNull();
  }
}
