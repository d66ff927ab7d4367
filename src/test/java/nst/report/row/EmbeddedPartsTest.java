package nst.report.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPartsTest {
  @TempDir private Path folder;

  @Test
  void storesEqualPicturesOnce() {
    try (EmbeddedParts parts = EmbeddedParts.in(folder)) {
      Picture first = parts.picture(new byte[] {1, 2}, 4, 3);
      assertThat(parts.picture(new byte[] {1, 2}, 4, 3)).isEqualTo(first);
      assertThat(parts.picture(new byte[] {3}, 4, 3).at()).isNotEqualTo(first.at());
      parts.data("rows-0", List.of("<"), true);
      assertThat(parts.embedded())
          .extracting(EmbeddedPart::getId, EmbeddedPart::getText)
          .containsExactly(
              tuple("picture-0", "data:image/jpeg;base64,AQI="),
              tuple("picture-1", "data:image/jpeg;base64,Aw=="),
              tuple("data-rows-0", "[\"\\u003c\"]"));
    }
  }

  @Test
  void leavesNoFile() throws IOException {
    EmbeddedParts.in(folder).close();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void namesTheFileThatCannotBeMade() throws IOException {
    Files.createFile(folder.resolve("parts"));
    assertThatThrownBy(() -> EmbeddedParts.in(folder))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Cannot make " + folder.resolve("parts"));
  }
}
