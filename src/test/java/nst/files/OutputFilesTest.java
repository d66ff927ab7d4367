package nst.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nst.model.Problems;
import nst.model.knob.OutputChoices.OutputFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {
  @TempDir Path folder;
  private Path out;
  private InputFiles one;
  private InputFiles two;
  private List<String> styles;

  @BeforeEach
  void prepare() {
    out = folder.resolve("out");
    one = new InputFiles(List.of("file:" + folder + "/a.b.jpg"), false);
    two = new InputFiles(List.of("file:" + folder + "/a.jpg", "file:" + folder + "/b.png"), true);
    styles = List.of("file:" + folder + "/wave.jpg", "file:" + folder + "/night.png");
  }

  @Test
  void withoutAnOptionTheNameSaysWhatItIsMadeOf() {
    Problems problems = new Problems();
    OutputFiles outputs = new OutputFiles(Optional.empty(), styles, false);
    assertThat(outputs.of(one, OutputFormat.PNG, problems))
        .containsExactly("file:" + Path.of("a.b-wave-night.png").toAbsolutePath());
    assertThat(outputs.of(new InputFiles(List.of("-"), false), OutputFormat.JPG, problems))
        .containsExactly("file:" + Path.of("stdin-wave-night.jpg").toAbsolutePath());
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void theNameOfAFileDecidesTheFormat() {
    assertThat(to("x.jpeg").format()).contains(OutputFormat.JPG);
    assertThat(to("x.PNG").format()).contains(OutputFormat.PNG);
    assertThat(to("folder/").format()).isEmpty();
    assertThat(to("-").format()).isEmpty();
  }

  @Test
  void severalPhotosGoToAFolder() {
    assertThat(uris(to(out.toString()), two))
        .containsExactly("file:" + out + "/a-wave-night.png", "file:" + out + "/b-wave-night.png");
    assertThat(uris(to(out + "/"), one)).containsExactly("file:" + out + "/a.b-wave-night.png");
    assertThat(fault(to(out + ".png"), two)).startsWith("expected a folder for several photos");
    assertThat(fault(to("-"), two)).isEqualTo("expected a folder for several photos, was -");
  }

  @Test
  void aNameWithoutAFormatIsRefused() {
    assertThat(fault(to(out + ".webp"), one)).contains("ends in .png, .jpg or .jpeg");
  }

  @Test
  void anExistingFileIsReplacedOnlyIfAllowed() throws IOException {
    Path file = Files.createFile(folder.resolve("x.png"));
    assertThat(fault(to(file.toString()), one)).contains("the file exists", "Add --overwrite");
    assertThat(uris(new OutputFiles(Optional.of(file.toString()), styles, true), one))
        .containsExactly("file:" + file);
  }

  @Test
  void anInputIsNeverReplaced() throws IOException {
    Files.createFile(folder.resolve("a.b.jpg"));
    Files.createFile(folder.resolve("wave.jpg"));
    for (String input : List.of("a.b.jpg", "wave.jpg")) {
      assertThat(fault(new OutputFiles(Optional.of(folder + "/" + input), styles, true), one))
          .startsWith("expected another file than the inputs");
    }
  }

  @Test
  void twoPhotosOfOneNameAreRefused() {
    InputFiles same =
        new InputFiles(List.of("file:" + folder + "/x/a.jpg", "file:" + folder + "/y/a.jpg"), true);
    assertThat(fault(to(out + "/"), same)).contains("/x/a.jpg", "/y/a.jpg", "both be written to");
  }

  @Test
  void aFolderBelowAFileIsRefused() throws IOException {
    Files.createFile(out);
    assertThat(fault(to(out + "/below/"), one)).startsWith("expected a folder, was a file: " + out);
  }

  private OutputFiles to(String typed) {
    return new OutputFiles(Optional.of(typed), styles, false);
  }

  private static List<String> uris(OutputFiles outputs, InputFiles photos) {
    Problems problems = new Problems();
    List<String> uris = outputs.of(photos, OutputFormat.PNG, problems);
    assertThat(problems.list()).isEmpty();
    return uris;
  }

  private static String fault(OutputFiles outputs, InputFiles photos) {
    Problems problems = new Problems();
    outputs.of(photos, OutputFormat.PNG, problems);
    assertThat(problems.list()).hasSize(1);
    return problems.list().get(0).message();
  }
}
