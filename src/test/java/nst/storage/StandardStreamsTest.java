package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardStreamsTest {
  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5};

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void readsStandardInputUpToTheLimit() {
    assertThat(streams(false).read("-", 3)).containsExactly(OLD);
    assertThatThrownBy(() -> streams(false).read("-", 2))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("standard input: expected at most 2 bytes");
  }

  @Test
  void writesStandardOutput() {
    assertThat(streams(false).create("-", NEW)).isTrue();
    assertThat(out.toByteArray()).containsExactly(NEW);
    assertThat(streams(false).exists("-")).isFalse();
  }

  @Test
  void replacesAFileOnlyIfThatIsAllowed() throws IOException {
    Path file = folder.resolve("deep/x.png");
    streams(false).create("file:" + file, OLD);

    assertThatThrownBy(() -> streams(false).create("file:" + file, NEW))
        .hasMessage("Cannot write " + file + ": the file exists");
    assertThat(Files.readAllBytes(file)).containsExactly(OLD);

    streams(true).create("file:" + file, NEW);
    assertThat(Files.readAllBytes(file)).containsExactly(NEW);
  }

  @Test
  void readsNoBucket() {
    assertThatThrownBy(() -> streams(false).read("s3a://bucket/x.jpg", 9))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER));
  }

  private StandardStreams streams(boolean overwrite) {
    return new StandardStreams(
        overwrite, new ByteArrayInputStream(OLD), new PrintStream(out, true));
  }
}
