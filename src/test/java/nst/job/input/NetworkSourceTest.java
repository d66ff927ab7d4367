package nst.job.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nst.engine.stylenetwork.NetworkStart;
import nst.engine.stylenetwork.TestNetworks;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.text.Sha256;
import nst.storage.HadoopObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkSourceTest {
  private static final String RECIPE =
      """
      {"looks": [{"styles": [{"sha256": "aa", "weight": 1}]},
                 {"styles": [{"name": "b.jpg", "sha256": "bb", "weight": 1}]}],
       "objective": {"content_weight": "0.05", "tv_weight": "9"}}
      """;

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void findsTheStylesOfARowAmongTheLooks() throws IOException {
    byte[] bytes = TestNetworks.file(2, 1, RECIPE).encoded();
    String uri = write("n.safetensors", bytes);

    NetworkStart one = start(uri, "", "bb");
    assertThat(one.blend()).containsExactly(0.0, 1.0);
    assertThat(one.sha256()).isEqualTo(Sha256.hex(bytes));
    assertThat(warnings)
        .containsExactly(
            "network: it was trained for another objective, with tv_weight=9 (here 0.03)");
    assertThat(start(uri, "", "bb", "aa").blend()).containsExactly(0.5, 0.5);
  }

  @Test
  void warnsThatTheNetworkKnowsNeitherMasksNorThePhotosColours() throws IOException {
    start(write("n.safetensors", TestNetworks.file(2, 1, RECIPE).encoded()), "m.png", "aa");
    assertThat(warnings)
        .anyMatch(text -> text.startsWith("network: masks have no effect"))
        .noneMatch(text -> text.contains("original_colors"));

    String uri = "file:" + folder.resolve("n.safetensors");
    start(fromNetwork(uri).with(Knob.ORIGINAL_COLORS, "match"), "", "aa");
    assertThat(warnings)
        .anyMatch(text -> text.startsWith("network: original_colors=match has no effect"));
  }

  @Test
  void aStyleThatTheNetworkWasNotTrainedOnFailsTheRow() throws IOException {
    String uri = write("n.safetensors", TestNetworks.file(2, 1, RECIPE).encoded());

    TransferException fault = fault(uri, "aa", "cc");
    assertThat(fault.code()).isEqualTo(ErrorCode.INVALID_PARAMETER);
    assertThat(fault)
        .hasMessage(
            "Invalid network in row id=a: expected a network that was trained on the style"
                + " file:/cc.jpg (SHA-256 cc), was "
                + uri
                + ", which was trained on aa, b.jpg (SHA-256 bb)");
  }

  @Test
  void aFileThatIsNoStyleNetworkFailsTheRow() throws IOException {
    byte[] whole = TestNetworks.file(2, 1, RECIPE).encoded();
    Map<String, byte[]> files =
        Map.of(
            "cut.safetensors", Arrays.copyOf(whole, whole.length - 9),
            "text.txt", "style network".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            "no-recipe.safetensors", TestNetworks.file(2, 1, "{}").encoded(),
            "other-looks.safetensors", TestNetworks.file(3, 1, RECIPE).encoded());
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String uri = write(file.getKey(), file.getValue());
      TransferException fault = fault(uri, "aa");
      assertThat(fault.code()).as(file.getKey()).isEqualTo(ErrorCode.INVALID_PARAMETER);
      assertThat(fault).hasMessageStartingWith("network: ").hasMessageContaining(uri);
    }
    assertThat(fault(write("empty", new byte[0]), "aa").code()).isEqualTo(ErrorCode.EMPTY);
  }

  @Test
  void aFileThatIsNotThereOrTooLargeFailsTheRow() throws IOException {
    TransferException missing = fault("file:" + folder.resolve("none"), "aa");
    assertThat(missing.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(missing).hasMessageStartingWith("network: ").hasMessageContaining("none");

    TransferException large = fault(write("large", new byte[1_000_001]), "aa");
    assertThat(large.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE);
  }

  private String write(String name, byte[] bytes) throws IOException {
    return "file:" + Files.write(folder.resolve(name), bytes);
  }

  private TransferException fault(String uri, String... styles) {
    return catchThrowableOfType(TransferException.class, () -> start(uri, "", styles));
  }

  private static Hyperparameters fromNetwork(String uri) {
    return Preset.BALANCED
        .hyperparameters()
        .with(Map.of(Knob.INIT, Knob.INIT.domain().parse("network"), Knob.NETWORK, uri));
  }

  private NetworkStart start(String uri, String mask, String... styles) {
    return start(fromNetwork(uri), mask, styles);
  }

  private NetworkStart start(Hyperparameters h, String mask, String... styles) {
    TransferRequest request =
        new TransferRequest(
            "a",
            "file:/c.jpg",
            "",
            Arrays.stream(styles)
                .map(
                    style ->
                        new TransferRequest.Style(
                            "file:/" + style + ".jpg", 1.0 / styles.length, mask, ""))
                .toList(),
            h);
    return new NetworkSource(new HadoopObjectStore(new Configuration(false)), 1_000_000)
        .start(request, List.of(styles), warnings, new RowTimes());
  }
}
