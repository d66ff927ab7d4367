package nst.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import nst.model.ErrorCode;
import nst.model.TransferException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest {
  @TempDir Path folder;
  private final ObjectStore store = new HadoopObjectStore(new Configuration(false));

  @Test
  void readsWhatItWrote() {
    store.write(uri("a/b.txt"), "one".getBytes(UTF_8));
    store.write(uri("a/b.txt"), "two".getBytes(UTF_8));
    assertThat(store.read(uri("a/b.txt"), 100)).asString(UTF_8).isEqualTo("two");
  }

  @Test
  void createsOnlyOnce() {
    assertThat(store.create(uri("lease"), "me".getBytes(UTF_8))).isTrue();
    assertThat(store.create(uri("lease"), "you".getBytes(UTF_8))).isFalse();
    assertThat(store.read(uri("lease"), 100)).asString(UTF_8).isEqualTo("me");
  }

  @Test
  void leavesNoTemporaryFile() {
    store.write(uri("x/1"), new byte[3]);
    assertThat(folder.resolve("x").toFile().list()).containsExactly("1");
  }

  @Test
  void leavesNoTemporaryFileWhereWritingFails() {
    store.write(uri("x/taken/inside"), new byte[1]);
    assertThatThrownBy(() -> store.write(uri("x/taken"), new byte[3]))
        .hasMessageContaining("Cannot write " + uri("x/taken"))
        .isInstanceOf(TransferException.class);
    assertThatThrownBy(() -> store.write(uri("x/copy"), Path.of("/proc/self/mem")))
        .hasMessageContaining("Cannot write " + uri("x/copy"))
        .isInstanceOf(TransferException.class);
    assertThat(folder.resolve("x").toFile().list()).containsExactly("taken");
  }

  @Test
  void writesAFilesBytes() throws IOException {
    Path file = Files.writeString(folder.resolve("source"), "words");
    store.write(uri("y/target"), file);
    assertThat(store.read(uri("y/target"), 100)).asString(UTF_8).isEqualTo("words");
    assertThat(file).exists();
  }

  @Test
  void saysThatAFileIsWhereAFolderShouldBe() {
    store.write(uri("file"), new byte[1]);
    assertThatThrownBy(() -> store.write(uri("file/below"), new byte[1]))
        .hasMessageContaining(folder.resolve("file") + " is a file, expected a folder");
  }

  @Test
  void listsEveryDepthAndNothingForAMissingFolder() {
    store.write(uri("d/1"), new byte[1]);
    store.write(uri("d/e/2"), new byte[1]);
    List<String> found = new ArrayList<>();
    store.list(uri("d")).forEachRemaining(found::add);
    assertThat(found).containsExactlyInAnyOrder(uri("d/1"), uri("d/e/2"));
    assertThat(store.list(uri("none")).hasNext()).isFalse();
  }

  @Test
  void listsLinkedFoldersAndTheirFilesOnce() throws IOException {
    store.write(uri("d/e/1"), new byte[1]);
    store.write(uri("elsewhere/2"), new byte[1]);
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("d/loop"), folder.resolve("d"));
    Files.createSymbolicLink(folder.resolve("d/e/linked"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(folder.resolve("d/broken"), folder.resolve("absent"));
    List<String> found = new ArrayList<>();
    store.list(uri("link")).forEachRemaining(found::add);
    assertThat(found).containsExactly(uri("link/e/1"), uri("link/e/linked/2"));
  }

  @Test
  void theVersionOfAFileIsItsTimeAndSize() throws IOException {
    store.write(uri("d/1"), new byte[3]);
    Files.setLastModifiedTime(
        folder.resolve("d/1"), FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z")));
    List<StoredObject> found = new ArrayList<>();
    store.objects(uri("d")).forEachRemaining(found::add);
    assertThat(found)
        .containsExactly(new StoredObject(uri("d/1"), "modified=2026-01-02T03:04:05.678Z,bytes=3"));
  }

  @Test
  void hintsThatANameMayBePercentEncoded() {
    store.write(uri("a b.txt"), new byte[1]);
    assertThatThrownBy(() -> store.read(uri("a%20b.txt"), 100))
        .hasMessageEndingWith("a%20b.txt: no such file; " + Uris.PERCENT_HINT);
    assertThatThrownBy(() -> store.read(uri("none.txt"), 100))
        .hasMessageEndingWith("none.txt: no such file");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> store.read(uri("none"), 1))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> store.read("file:" + folder, 1))
        .isInstanceOfSatisfying(
            TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    store.write(uri("big"), new byte[10]);
    assertThatThrownBy(() -> store.read(uri("big"), 9))
        .hasMessageContaining("expected at most 9 bytes, has 10")
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_TOO_LARGE));
  }

  @Test
  void deletesOnlyExistingObjects() {
    store.write(uri("gone"), new byte[1]);
    store.delete(uri("gone"));
    store.delete(uri("gone"));
    store.write(uri("file"), new byte[1]);
    store.delete(uri("file/below")); // a file below a file cannot exist
    assertThat(store.exists(uri("gone"))).isFalse();
  }

  private String uri(String name) {
    return "file:" + folder + "/" + name;
  }
}
