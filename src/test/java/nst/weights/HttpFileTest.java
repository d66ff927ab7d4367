package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import nst.model.InvalidInputException;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFileTest {
  private static final byte[] FILE = {1, 2, 3, 4, 5, 6};

  private static byte[] read(URI uri) throws IOException {
    try (HttpFile.Answer answer = new HttpFile(uri, PthFixture.TIMEOUT).open(2, 5, "")) {
      return answer.body().readAllBytes();
    }
  }

  @Test
  void readsARange() throws IOException {
    try (FileServer server = new FileServer(FILE)) {
      assertThat(read(server.uri())).containsExactly(3, 4, 5);
    }
  }

  @Test
  void followsARedirect() throws IOException {
    try (FileServer server = new FileServer(FILE)) {
      assertThat(read(server.redirect("/file.pth"))).containsExactly(3, 4, 5);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/file.pth",
        "ftp://example.org/file.pth",
        "file:///etc/passwd",
        "http://[",
        ""
      })
  void doesNotFollowARedirectToAnythingButHttps(String target) throws IOException {
    try (FileServer server = new FileServer(FILE)) {
      URI uri = server.redirect(target);
      assertThatThrownBy(() -> read(uri))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("the server redirects to");
    }
  }

  @Test
  void endsARoundOfRedirects() throws IOException {
    try (FileServer server = new FileServer(FILE)) {
      URI uri = server.redirect("/redirect");
      assertThatThrownBy(() -> read(uri))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("redirects more than 5 times");
    }
  }

  @Test
  void saysThatTheServerHasNoSuchFile() throws IOException {
    try (FileServer server = new FileServer(FILE)) {
      assertThatThrownBy(() -> read(server.uri("/other.pth")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("/other.pth: the server has no such file (status 404)");
    }
  }

  /** The socket accepts connections and never answers. */
  @Test
  void doesNotWaitForeverForAnAnswer() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HttpFile file =
          new HttpFile(
              URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"), Duration.ofMillis(50));
      assertThatThrownBy(
              () -> PthFixture.ONCE.run(file, note -> {}, () -> file.open(0, HttpFile.END, "")))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("no connection (read timed out)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/vgg19.pth",
        "vgg19.pth",
        "file:/tmp/vgg19.pth",
        "https:vgg19.pth",
        "https://user:secret@example.org/vgg19.pth",
        "https://example.org/vgg19.pth?X-Amz-Signature=abc",
        "https://example.org/a b"
      })
  void refusesAnAddressThatIsNotHttps(String typed) {
    assertThatThrownBy(() -> HttpFile.checked(typed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a URL");
  }
}
