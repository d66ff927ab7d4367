package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import nst.engine.network.SafetensorsFile;
import nst.model.InvalidInputException;
import nst.model.text.Sha256;
import nst.storage.StandardStreams;
import nst.weights.WeightsFetch.Fetched;
import nst.weights.WeightsFetch.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFetchTest {
  @TempDir Path folder;

  private final byte[] file = PthFixture.file("parameters.pth");
  private final AtomicLong bytesRead = new AtomicLong();
  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FileServer(file);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Fetched fetch(PublishedNetwork network, Range range, String sha256) {
    return new WeightsFetch(
            network, server.uri(), folder.resolve("made/vgg19.safetensors"), range, sha256)
        .run(
            new StandardStreams(true, System.in, System.out),
            note -> {},
            bytesRead,
            PthFixture.PATIENT,
            PthFixture.TIMEOUT);
  }

  private Fetched fetch(Range range, String sha256) {
    return fetch(PthFixture.published(file), range, sha256);
  }

  @Test
  void writesTheConvolutionsAndTheirLicence() throws IOException {
    Fetched fetched = fetch(Range.WHOLE, "");

    SafetensorsFile tensors = SafetensorsFile.open(fetched.file());
    assertThat(tensors.names())
        .containsExactly(
            "features.0.bias", "features.0.weight", "features.2.bias", "features.2.weight");
    int number = 0;
    for (Map.Entry<String, List<Long>> tensor : PthFixture.shapes().entrySet()) {
      if (tensor.getKey().startsWith("features")) {
        assertThat(tensors.tensor(tensor.getKey()).values())
            .as(tensor.getKey())
            .containsExactly(PthFixture.values(number++, tensor.getValue()));
      }
    }
    assertThat(tensors.metadata("nst.input")).hasValue("rgb_standardized");
    assertThat(tensors.metadata("nst.activation_scale")).hasValue("torchvision");
    assertThat(Sha256.hex(Files.readAllBytes(fetched.file()))).isEqualTo(fetched.sha256());
    assertThat(Files.readString(fetched.licence()))
        .startsWith("The licence of a test.")
        .contains("Obtained: from " + server.uri() + ", with the sha256 above");
    assertThat(folder.resolve("made").toFile().list()).hasSize(2);
  }

  @Test
  void rangesGiveTheSameBytesAndReadOnlyTheConvolutions() throws IOException {
    Fetched whole = fetch(Range.WHOLE, "");
    byte[] expected = Files.readAllBytes(whole.file());
    bytesRead.set(0);
    Fetched ranges = fetch(Range.FEATURES, whole.sha256());

    assertThat(ranges.file()).hasBinaryContent(expected);
    List<String> requests = server.requests();
    assertThat(requests).hasSize(7); // the whole file; its size, its header and four tensors
    long read = requests.subList(3, 7).stream().mapToLong(WeightsFetchTest::length).sum();
    int values = 4 * 27 + 4 + 2 * 36 + 2 + 3; // and three in front of a view
    assertThat(read).isEqualTo(4L * Long.BYTES + (long) values * Float.BYTES);
    assertThat(Files.readString(ranges.licence())).contains("sha256 above was not checked");
  }

  /** The length of {@code bytes=from-last}. */
  private static long length(String range) {
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    return Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
  }

  @Test
  void writesNothingWithAnotherDigest() {
    assertThatThrownBy(() -> fetch(Range.FEATURES, "0".repeat(64)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected a result with sha256 " + "0".repeat(64) + ", was ");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rangesNeedAServerThatSendsThem() {
    server.sendsNoRanges();
    assertThatThrownBy(() -> fetch(Range.FEATURES, ""))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the server sends only the whole file. Leave out --features-only");
  }

  @Test
  void aRangeThatIsCutIsReadAgain() {
    server.cuts(2, 100);
    assertThat(fetch(Range.FEATURES, "").file()).exists();
  }

  @Test
  void rangesOfAFileThatChangesAreRefused() throws IOException {
    HttpFile http = new HttpFile(server.uri(), PthFixture.TIMEOUT);
    RemoteRanges ranges = new RemoteRanges(http, PthFixture.ONCE, note -> {}, bytesRead);
    assertThat(ranges.read(1, 3)).containsExactly(Arrays.copyOfRange(file, 1, 4));
    server.replace(file);
    assertThatThrownBy(() -> ranges.read(1, 3))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the file changed while it was read");
  }

  @Test
  void aFileWithoutTheNetworkIsRefused() {
    byte[] other = "no file of torch.save at all".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    server.replace(other);
    assertThatThrownBy(() -> fetch(PthFixture.published(other), Range.WHOLE, ""))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not a file with vgg19: expected a pickle of protocol 2");
    assertThat(folder.resolve("made/vgg19.safetensors")).doesNotExist();
  }
}
