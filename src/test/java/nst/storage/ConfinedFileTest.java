package nst.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what a store with a policy reads after planning. */
class ConfinedFileTest {
  @TempDir Path folder;
  @TempDir Path elsewhere;
  private UriPolicy policy;
  private ObjectStore store;

  @BeforeEach
  void createFiles() throws IOException {
    Files.createDirectories(folder.resolve("photos/summer"));
    write(folder.resolve("photos/summer/a.jpg"), "inside");
    write(elsewhere.resolve("a.jpg"), "outside");
    policy = UriPolicy.of("file:" + folder + "/m.parquet", "");
    store = HadoopObjectStore.within(policy, new Configuration(false));
  }

  @Test
  void readsWhatLiesInside() throws IOException {
    assertThat(read("photos/summer/a.jpg")).isEqualTo("inside");
    Files.createSymbolicLink(folder.resolve("b.jpg"), folder.resolve("photos/summer/a.jpg"));
    assertThat(read("b.jpg")).isEqualTo("inside");
  }

  @Test
  void aFileThatBecameALinkIsNotRead() throws IOException {
    Files.delete(folder.resolve("photos/summer/a.jpg"));
    Files.createSymbolicLink(folder.resolve("photos/summer/a.jpg"), elsewhere.resolve("a.jpg"));
    assertThat(code("photos/summer/a.jpg")).isEqualTo(ErrorCode.URI_NOT_ALLOWED);
  }

  @Test
  void aFolderOnTheWayThatBecameALinkIsNotFollowed() throws IOException {
    Files.move(folder.resolve("photos/summer"), folder.resolve("moved"));
    Files.createSymbolicLink(folder.resolve("photos/summer"), elsewhere);
    assertThat(code("photos/summer/a.jpg")).isEqualTo(ErrorCode.URI_NOT_ALLOWED);
  }

  @Test
  void theFolderItselfThatBecameALinkIsNotFollowed() throws IOException {
    Path moved = folder.resolveSibling(folder.getFileName() + "-moved");
    Files.move(folder, moved);
    Files.createSymbolicLink(folder, elsewhere);
    try {
      assertThat(code("a.jpg")).isEqualTo(ErrorCode.URI_NOT_ALLOWED);
    } finally {
      Files.delete(folder);
      Files.move(moved, folder);
    }
  }

  @Test
  void noLinkIsFollowedOnTheWayThatWasJudged() throws IOException {
    // Tests a link that is created between the check and the read.
    Path way = Path.of("photos/summer/a.jpg");
    try (var directory = Files.newDirectoryStream(folder)) {
      Files.move(folder.resolve("photos/summer"), folder.resolve("moved"));
      Files.createSymbolicLink(folder.resolve("photos/summer"), elsewhere);
      IOException refused =
          catchThrowableOfType(
              IOException.class,
              () -> ConfinedFile.read(ConfinedFile.secure(directory), way, "file:/x", 100));
      assertThat(refused).isNotNull();
    }
  }

  @Test
  void aMissingFileOrAFolderIsNotFound() throws IOException {
    assertThat(code("none.jpg")).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(code("photos/summer")).isEqualTo(ErrorCode.NOT_FOUND);
    Files.createSymbolicLink(folder.resolve("dangling.jpg"), folder.resolve("nothing"));
    assertThat(code("dangling.jpg")).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void theLimitOfBytesHolds() {
    TransferException refused =
        catchThrowableOfType(
            TransferException.class,
            () -> store.read("file:" + folder + "/photos/summer/a.jpg", 5));
    assertThat(refused.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE);
  }

  @Test
  void otherBucketsAreNotAsked() {
    TransferException refused =
        catchThrowableOfType(TransferException.class, () -> store.read("s3a://other/a.jpg", 100));
    assertThat(refused.code()).isEqualTo(ErrorCode.URI_NOT_ALLOWED);
    assertThat(refused).hasMessageContaining("add it to uri.allowed_prefixes");
  }

  @Test
  void whatTheConfigurationNamesIsReadWhereverItLies() {
    String uri = "file:" + elsewhere + "/a.jpg";
    ObjectStore trusting =
        HadoopObjectStore.within(policy.trusting(List.of(uri)), new Configuration(false));
    assertThat(new String(trusting.read(uri, 100), StandardCharsets.UTF_8)).isEqualTo("outside");
  }

  private String read(String name) {
    return new String(store.read("file:" + folder + "/" + name, 100), StandardCharsets.UTF_8);
  }

  private ErrorCode code(String name) {
    return catchThrowableOfType(TransferException.class, () -> read(name)).code();
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
