package nst.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThumbnailFileTest {
  @TempDir Path folder;

  @Test
  void givesEachPictureItsOwnBytesBack() {
    try (ThumbnailFile file = ThumbnailFile.in(folder)) {
      PageImage first = file.keep(PageImage.jpeg(new byte[] {1, 2, 3}, 3, 2));
      PageImage second = file.keep(PageImage.jpeg(new byte[] {4, 5}, 7, 5));

      assertThat(first.bytes()).containsExactly(1, 2, 3);
      assertThat(second.bytes()).containsExactly(4, 5);
      assertThat(first.getDataUri()).isEqualTo("data:image/jpeg;base64,AQID");
      assertThat(second.getDataUri()).isEqualTo("data:image/jpeg;base64,BAU=");
      assertThat(second.width()).isEqualTo(7);
      assertThat(second.height()).isEqualTo(5);
    }
  }

  @Test
  void keepsEqualPicturesOnce() throws IOException {
    try (ThumbnailFile file = ThumbnailFile.in(folder)) {
      PageImage first = file.keep(PageImage.jpeg(new byte[] {1, 2, 3}, 3, 2));
      assertThat(file.keep(PageImage.jpeg(new byte[] {1, 2, 3}, 3, 2))).isSameAs(first);
      assertThat(Files.size(folder.resolve("pictures"))).isEqualTo(3);
    }
  }

  @Test
  void leavesNothingBehind() throws IOException {
    ThumbnailFile file = ThumbnailFile.in(folder);
    file.keep(PageImage.jpeg(new byte[] {1}, 1, 1));
    file.close();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void namesTheFileThatCannotBeMade() {
    assertThatThrownBy(() -> ThumbnailFile.in(folder.resolve("absent")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(folder.resolve("absent/pictures").toString());
  }
}
