package nst.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nst.model.text.Sha256;
import nst.record.ExitCode;
import nst.weights.FileServer;
import nst.weights.PthFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WeightsCommandTest {
  @TempDir Path folder;

  private InProcess.Outcome fetch(String options) {
    return InProcess.run(
        ("weights fetch vgg19 " + options.replace("DIR", folder.toString())).split(" +"));
  }

  /** The command with a small network in the place of torchvision's. */
  @Test
  void printsTheOptionsThatUseTheFile() throws IOException {
    byte[] file = PthFixture.file("tensors.pth");
    try (FileServer server = new FileServer(file)) {
      InProcess.Outcome outcome =
          InProcess.captured(
              () -> {
                WeightsCommand command = new WeightsCommand();
                command.published = PthFixture.published(file);
                return new CommandLine(command)
                    .execute(
                        "fetch",
                        "vgg19",
                        "--json",
                        "--output",
                        folder + "/",
                        "--from",
                        "" + server.uri());
              });
      Path made = folder.resolve("vgg19.safetensors");
      String digest = Sha256.hex(Files.readAllBytes(made));
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.err())
          .contains("The licence of a test.")
          .contains("--weights " + made + " --weights-sha256 " + digest);
      JsonNode answer = new ObjectMapper().readTree(outcome.out());
      assertThat(answer.get("sha256").asText()).isEqualTo(digest);
      assertThat(answer.get("file").asText()).isEqualTo(made.toString());
      assertThat(answer.get("verified").asBoolean()).isTrue();
    }
  }

  @Test
  void refusesAnotherFileThanTorchvisions() throws IOException {
    try (FileServer server = new FileServer(new byte[100])) {
      InProcess.Outcome outcome = fetch("--output DIR/vgg19.safetensors --from " + server.uri());
      assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
      assertThat(outcome.err())
          .contains("expected a file of 574,673,361 bytes, the server's has 100 bytes");
      assertThat(outcome.out()).contains("torchvision", "3-clause BSD licence", "ImageNet");
      assertThat(folder.resolve("vgg19.safetensors")).doesNotExist();
    }
  }

  @Test
  void namesEveryFaultOfTheCommandLine() throws IOException {
    Files.createFile(folder.resolve("old.safetensors"));
    InProcess.Outcome outcome =
        InProcess.run(
            "weights",
            "get",
            "vgg11",
            "--from",
            "http://example.org/x.pth",
            "--features-only",
            "--output",
            folder + "/old.safetensors");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.INVALID.code());
    assertThat(outcome.err())
        .startsWith("5 problems:")
        .contains("expected fetch, was get", "expected vgg19, was vgg11")
        .contains("--from: expected a URL that begins with https://, was http://example.org/x.pth")
        .contains("--features-only: expected --sha256")
        .contains("--output: the file exists");
  }

  @Test
  void aDigestThatIsNoneIsRefused() {
    InProcess.Outcome outcome = fetch("--sha256 abc --unverified --output DIR/weights.pth");
    assertThat(outcome.err())
        .startsWith("3 problems:")
        .contains("--sha256: expected 64 hex digits, was abc")
        .contains("--unverified: expected with --features-only and without --sha256")
        .contains("--output: expected a folder or a name that ends in .safetensors");
  }

  @Test
  void aServerThatCannotBeReachedIsTriedLater() throws IOException {
    String uri;
    try (FileServer server = new FileServer(new byte[1])) {
      uri = server.uri().toString();
    }
    InProcess.Outcome outcome =
        fetch("--features-only --unverified --output DIR/w.safetensors --from " + uri);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.TRY_AGAIN.code());
    assertThat(outcome.err())
        .contains("Cannot read " + uri, "connection refused", "https.proxyHost");
  }
}
