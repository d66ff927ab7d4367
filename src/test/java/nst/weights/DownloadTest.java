package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import nst.model.InvalidInputException;
import nst.model.TransferException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final int LENGTH = 300_000;

  @TempDir Path folder;

  private final byte[] file = new byte[LENGTH];
  private final List<String> notes = new ArrayList<>();
  private final AtomicLong bytesRead = new AtomicLong();
  private FileServer server;
  private Path part;

  @BeforeEach
  void start() throws IOException {
    new SplittableRandom(1).nextBytes(file);
    server = new FileServer(file);
    part = folder.resolve("tiny.pth.part");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void download(Attempts attempts) {
    new Download(
            new HttpFile(server.uri(), PthFixture.TIMEOUT),
            PthFixture.published(file),
            part,
            attempts,
            notes::add,
            bytesRead)
        .run();
  }

  @Test
  void readsTheWholeFileOnce() {
    download(PthFixture.ONCE);
    assertThat(part).hasBinaryContent(file);
    assertThat(server.requests()).containsExactly("");
    assertThat(bytesRead).hasValue(LENGTH);
  }

  @Test
  void continuesAfterACut() {
    server.cuts(2, 100_000);
    download(PthFixture.PATIENT);
    assertThat(part).hasBinaryContent(file);
    assertThat(server.requests()).containsExactly("", "bytes=100000-", "bytes=200000-");
    assertThat(notes)
        .filteredOn(note -> note.startsWith("The download was interrupted"))
        .hasSize(2);
  }

  @Test
  void givesUpAfterAFewTriesAndALaterDownloadContinues() {
    server.cuts(4, 10_000);
    assertThatThrownBy(() -> download(PthFixture.PATIENT))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Cannot read " + server.uri());
    assertThat(part).hasSize(40_000);

    download(PthFixture.ONCE);
    assertThat(part).hasBinaryContent(file);
    assertThat(server.requests().get(4)).isEqualTo("bytes=40000-");
    assertThat(notes).contains("Continuing after 40,000 bytes.");
  }

  @Test
  void startsAgainIfTheServersFileHasChanged() {
    server.cuts(1, 50_000);
    assertThatThrownBy(() -> download(PthFixture.ONCE)).isInstanceOf(TransferException.class);
    server.replace(file);
    download(PthFixture.ONCE);
    assertThat(server.requests()).containsExactly("", "bytes=50000-");
    assertThat(notes).anyMatch(note -> note.startsWith("Starting again from the beginning"));
    assertThat(part).hasBinaryContent(file);
  }

  @Test
  void startsAgainIfTheServerSendsOnlyWholeFiles() {
    server.sendsNoRanges();
    server.cuts(1, 100_000);
    download(PthFixture.PATIENT);
    assertThat(part).hasBinaryContent(file);
  }

  @Test
  void keepsNothingOfAFileWithAnotherDigest() {
    byte[] other = file.clone();
    other[LENGTH - 1]++;
    server.replace(other);
    assertThatThrownBy(() -> download(PthFixture.ONCE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(
            "expected a file with sha256 " + PthFixture.published(file).sha256() + ", was ")
        .hasMessageContaining(nst.model.text.Sha256.hex(other));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAFileOfAnotherLengthBeforeItIsRead() {
    server.replace(Arrays.copyOf(file, LENGTH + 1));
    assertThatThrownBy(() -> download(PthFixture.ONCE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected a file of 300,000 bytes, the server's has 300,001 bytes");
    assertThat(bytesRead).hasValue(0);
  }

  @Test
  void triesAgainWhenTheServerIsBusy() {
    server.fails(3);
    download(PthFixture.PATIENT);
    assertThat(part).hasBinaryContent(file);
    assertThat(notes.get(0)).contains("the server answers with status 503");
  }

  /** The device /dev/full accepts no byte, like a full disk. */
  @Test
  void namesTheDiskThatIsFull() throws IOException {
    Files.createSymbolicLink(part, Path.of("/dev/full"));
    assertThatThrownBy(() -> download(PthFixture.PATIENT))
        .isInstanceOf(TransferException.class)
        .hasMessage("Cannot write " + part + ": No space left on device");
    assertThat(server.requests()).hasSize(1);
  }
}
