package nst.job.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nst.engine.stylenetwork.EmbeddedStyleNetwork;
import nst.job.network.Network;
import nst.model.EmbeddedLooks;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.text.Sha256;
import nst.record.NetworkLooks.Style;
import org.junit.jupiter.api.Test;

/** The style network in the jar. */
class EmbeddedNetworkTest {
  private static final Hyperparameters ROW =
      Preset.BALANCED.hyperparameters().on(Backbone.VGG16).with(Knob.INIT, "network");

  private final TrainedNetwork embedded =
      TrainedNetwork.of(EmbeddedLooks.NAME, EmbeddedStyleNetwork.bytes());

  @Test
  void hasLooksForTwoPaintingsOfTheSample() throws IOException {
    for (String painting : List.of("starry_night.jpg", "the_scream.jpg")) {
      byte[] bytes = Files.readAllBytes(Path.of("sample-data/style", painting));
      assertThat(embedded.has(List.of(new Style("", Sha256.hex(bytes), 1)))).as(painting).isTrue();
    }
    assertThat(embedded.has(List.of(new Style("", "aa", 1)))).isFalse();
  }

  @Test
  void isForTheDefaultPresetWithTheVggInTheJar() {
    String features = Network.embedded().identity();
    assertThat(embedded.uri()).isEqualTo(EmbeddedLooks.NAME);
    assertThat(embedded.looks().differences(ROW)).isEmpty();
    assertThat(embedded.isFor(ROW, features)).isTrue();
    assertThat(embedded.isFor(ROW.with(Knob.CONTENT_WEIGHT, 0.5), features)).isFalse();
    assertThat(embedded.isFor(ROW, "other weights")).isFalse();
  }
}
