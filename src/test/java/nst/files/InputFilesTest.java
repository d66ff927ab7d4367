package nst.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.image.TestFiles;
import nst.model.Problems;
import nst.model.Problems.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
  private static final long MAX_BYTES = 1_000_000;

  @TempDir Path folder;
  private final Problems problems = new Problems();

  @BeforeEach
  void prepare() throws IOException {
    for (String name : List.of("b.JPG", "a.png", ".hidden.jpg", "note.txt", "deep/c.jpg")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.write(folder.resolve(name), TestFiles.png(8, 8));
    }
  }

  @Test
  void aFolderIsTheImagesInItInTheOrderOfTheirNames() {
    InputFiles found = photos(folder.toString());
    assertThat(found.uris()).containsExactly(uri("a.png"), uri("b.JPG"));
    assertThat(found.several()).isTrue();
  }

  @Test
  void countsTheImagesOfSubfoldersThatAreLeftOut() throws IOException {
    Files.createDirectories(folder.resolve("deep/.thumbnails"));
    Files.write(folder.resolve("deep/.thumbnails/c.jpg"), TestFiles.png(8, 8));
    assertThat(photos(folder.toString()).leftOut()).isEqualTo(Map.of(folder.toString(), 1));
    assertThat(photos(folder + "/deep").leftOut()).isEmpty();

    Files.createDirectories(folder.resolve("outer"));
    Files.move(folder.resolve("deep"), folder.resolve("outer/deep"));
    InputFiles.photos(List.of(folder + "/outer"), problems);
    assertThat(problems.list().get(0).message())
        .isEqualTo("expected photos in the folder, found none (1 below it): " + folder + "/outer");
  }

  @Test
  void followsLinksToFolders() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("deep"));
    assertThat(photos(link.toString()).uris()).containsExactly(uri("link/c.jpg"));
    Files.createSymbolicLink(folder.resolve("deep/loop"), folder);
    assertThat(photos(folder + "/deep/**.jpg").uris()).contains(uri("deep/c.jpg"));
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void aGlobIsTheFilesThatMatch() {
    assertThat(photos(folder + "/*.{png,txt}").uris())
        .containsExactly(uri("a.png"), uri("note.txt"));
    assertThat(photos(folder + "/**.jpg").uris())
        .containsExactly(uri(".hidden.jpg"), uri("deep/c.jpg"));
    assertThat(photos(folder + "/d?ep/c.*").several()).isTrue();
  }

  @Test
  void oneFileIsNotSeveral() {
    InputFiles found = photos(folder.resolve("a.png").toString());
    assertThat(found.uris()).containsExactly(uri("a.png"));
    assertThat(found.several()).isFalse();
  }

  @Test
  void aFileIsTakenOnce() {
    assertThat(photos(folder.toString(), folder + "/a.png", folder + "/deep/../a.png").uris())
        .containsExactly(uri("a.png"), uri("b.JPG"));
  }

  @Test
  void aNameMayContainColonsAndBrackets() throws IOException {
    Files.write(folder.resolve("12:30 [x].png"), TestFiles.png(8, 8));
    InputFiles found = photos(folder + "/12:30 [x].png");
    assertThat(found.uris()).containsExactly(uri("12:30 [x].png"));
    assertThat(found.several()).isFalse();
  }

  @Test
  void aFileThatDoesNotExistIsKept() {
    assertThat(photos(folder + "/none.jpg").uris()).containsExactly(uri("none.jpg"));
  }

  @Test
  void namesEveryArgumentWithoutPhotos() throws IOException {
    Files.createDirectory(folder.resolve("empty"));
    InputFiles.photos(
        List.of(folder + "/empty", folder + "/*.webp", "s3://bucket/x.jpg", " "), problems);
    assertThat(problems.list())
        .extracting(Problem::message)
        .containsExactly(
            "expected photos in the folder, found none: " + folder + "/empty",
            "expected photos, found no such file: " + folder + "/*.webp",
            "expected a local file, was s3a://bucket/x.jpg. The command run reads buckets",
            "expected a URI or a path, was blank");
  }

  @Test
  void saysWhyAFileIsNoImage() throws IOException {
    Files.write(folder.resolve("zero.jpg"), new byte[0]);
    Files.writeString(folder.resolve("rows.parquet"), "PAR1 and more");
    assertThat(InputFiles.fault(uri("a.png"), MAX_BYTES)).isEmpty();
    assertThat(InputFiles.fault("-", MAX_BYTES)).isEmpty();
    assertThat(fault("deep")).isEqualTo("expected an image file, was a folder");
    assertThat(fault("none.jpg")).isEqualTo("expected an image file, found no such file");
    assertThat(InputFiles.fault("file:/dev/null", MAX_BYTES).orElseThrow())
        .isEqualTo("expected an image file or - for standard input, was a device: /dev/null");
    assertThat(fault("zero.jpg")).endsWith("was empty (0 bytes)");
    assertThat(fault("rows.parquet")).endsWith("was a Parquet table");
  }

  private String fault(String name) {
    String fault = InputFiles.fault(uri(name), MAX_BYTES).orElseThrow();
    assertThat(fault).endsWith(": " + folder.resolve(name));
    return fault.substring(0, fault.length() - folder.resolve(name).toString().length() - 2);
  }

  private InputFiles photos(String... typed) {
    InputFiles found = InputFiles.photos(List.of(typed), problems);
    assertThat(problems.list()).isEmpty();
    return found;
  }

  private String uri(String name) {
    return "file:" + folder.resolve(name);
  }
}
