package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import nst.engine.network.NetworkWeights;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedNetworkTest {
  private final PublishedNetwork vgg19 = PublishedNetwork.vgg19();

  /** The name of torchvision's file ends with the first digits of its digest. */
  @Test
  void theDigestIsThatOfTheFilesName() {
    assertThat(vgg19.fileName()).isEqualTo("vgg19-" + vgg19.sha256().substring(0, 8) + ".pth");
    assertThat(vgg19.licence()).contains(vgg19.sha256(), vgg19.uri().toString(), "574,673,361");
  }

  /** A file with these tensors and this metadata is a VGG19 without a warning. */
  @Test
  void theEngineReadsItsTensors(@TempDir Path folder) throws IOException {
    TreeMap<String, Tensor> tensors = new TreeMap<>();
    vgg19
        .tensors()
        .forEach(
            (name, shape) ->
                tensors.put(
                    name,
                    new Tensor(
                        shape.stream().mapToLong(Long::longValue).toArray(),
                        new float
                            [shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b)])));
    assertThat(tensors).hasSize(32);
    byte[] bytes = SafetensorsEncoder.encoded(tensors, NetworkWeights.torchvisionMetadata());
    Path file = Files.write(folder.resolve("vgg19.safetensors"), bytes);

    NetworkWeights weights = NetworkWeights.load(file, Sha256.hex(bytes));
    assertThat(weights.backbone()).isEqualTo(Backbone.VGG19);
    assertThat(weights.facts())
        .isEqualTo(
            new NetworkFacts(NetworkFacts.Input.RGB_STANDARDIZED, 1, NetworkFacts.Basis.METADATA));
  }
}
