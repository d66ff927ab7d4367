package nst.job.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import nst.engine.network.FixtureWeights;
import nst.job.manifest.ManifestTest;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.NetworkFacts;
import nst.model.NetworkFacts.Basis;
import nst.model.NetworkFacts.Input;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;
import nst.model.text.Sha256;
import nst.storage.HadoopObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class NetworksTest {
  @TempDir static Path folder;

  /** The file of a network, which is written once. */
  private static Path file(Backbone backbone) throws IOException {
    Path file = folder.resolve(backbone.name().toLowerCase(java.util.Locale.ROOT) + ".safetensors");
    if (!Files.exists(file)) {
      FixtureWeights.write(backbone, 1, file);
    }
    return file;
  }

  private static Networks networks(Map<Setting, Object> settings, ExecutionMode mode) {
    return networks(ManifestTest.config(Map.of(), settings), mode);
  }

  private static Networks networks(RunConfig config, ExecutionMode mode) {
    return Networks.of(config, new HadoopObjectStore(new Configuration()), mode);
  }

  @Test
  void aClusterThatNamesNothingHasTheEmbeddedNetwork() {
    Networks networks = networks(Map.of(), ExecutionMode.CLUSTER);

    assertThat(networks.all()).containsExactly(Network.embedded());
    assertThat(networks.get(Backbone.AUTO).trained()).isTrue();
    assertThat(networks.identity()).startsWith("vgg16 ").contains("rgb_standardized 57.63");
  }

  @Test
  void theFirstFileIsTheDefaultAndTheEmbeddedOneStaysAvailable() throws IOException {
    Networks networks =
        networks(
            Map.of(Setting.WEIGHTS_PATH, file(Backbone.VGG19) + "," + file(Backbone.MOBILENET_V2)),
            ExecutionMode.LOCAL);

    assertThat(networks.all())
        .extracting(Network::backbone)
        .containsExactly(Backbone.VGG19, Backbone.MOBILENET_V2, Backbone.VGG16);
    assertThat(networks.get(Backbone.AUTO).backbone()).isEqualTo(Backbone.VGG19);
    assertThat(Networks.read(networks.json())).isEqualTo(networks);
  }

  @Test
  void digestsAndFactsFollowTheOrderOfTheFiles() throws IOException {
    Path vgg19 = file(Backbone.VGG19);
    Path vgg16 = file(Backbone.VGG16);
    String digests = sha256(vgg19) + "," + sha256(vgg16);

    Networks networks =
        networks(
            Map.of(
                Setting.WEIGHTS_PATH,
                vgg19 + "," + vgg16,
                Setting.WEIGHTS_SHA256,
                digests,
                Setting.WEIGHTS_INPUT,
                "auto,bgr_minus_means",
                Setting.WEIGHTS_ACTIVATION_SCALE,
                "auto,caffe"),
            ExecutionMode.CLUSTER);

    assertThat(networks.get(Backbone.VGG19).facts().basis()).isEqualTo(Basis.ASSUMED);
    assertThat(networks.get(Backbone.VGG16).facts())
        .isEqualTo(
            new NetworkFacts(
                Input.BGR_MINUS_MEANS, FeatureScale.CAFFE.activationScale(), Basis.CONFIGURED));
  }

  private static String sha256(Path file) throws IOException {
    return Sha256.hex(Files.readAllBytes(file));
  }

  @Test
  void aFileOnAClusterNeedsItsDigest() throws IOException {
    Path file = file(Backbone.VGG16);

    assertThatThrownBy(
            () -> networks(Map.of(Setting.WEIGHTS_PATH, file.toString()), ExecutionMode.CLUSTER))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected the file's digest in weights.sha256, was none; it is ")
        .hasMessageContaining(sha256(file));
  }

  @Test
  void twoNetworksOfOneBackboneAreRefused() throws IOException {
    Path file = file(Backbone.VGG16);

    assertThatThrownBy(
            () -> networks(Map.of(Setting.WEIGHTS_PATH, "embedded," + file), ExecutionMode.LOCAL))
        .hasMessageContaining("expected one network for each backbone")
        .hasMessageContaining("vgg16 (embedded) and vgg16 (vgg16.safetensors)");
  }

  @Test
  void aConfiguredBackboneWithoutWeightsIsRefused() {
    RunConfig config = ManifestTest.config(Map.of(Knob.BACKBONE, Backbone.VGG19), Map.of());

    assertThatThrownBy(() -> networks(config, ExecutionMode.LOCAL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected one of vgg16 (embedded), was vgg19")
        .hasMessageContaining("Add a safetensors file of vgg19 to weights.path");
  }

  @Test
  void asManyDigestsAsFilesAreWanted() throws IOException {
    Path file = file(Backbone.VGG16);

    assertThatThrownBy(
            () ->
                networks(
                    Map.of(Setting.WEIGHTS_PATH, file.toString(), Setting.WEIGHTS_SHA256, "aa,bb"),
                    ExecutionMode.LOCAL))
        .hasMessageContaining("weights.sha256")
        .hasMessageContaining("expected 1 values, one for each file of weights.path");
  }

  @Test
  void untrainedNetworksAreThereOnlyByName() {
    Networks networks = networks(Map.of(Setting.WEIGHTS_PATH, "seeded"), ExecutionMode.LOCAL);

    assertThat(networks.all()).hasSize(3).noneMatch(Network::trained);
    assertThat(networks.all().get(0).name()).contains("untrained");
  }
}
