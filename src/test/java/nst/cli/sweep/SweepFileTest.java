package nst.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigIncluder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nst.job.sweep.SweepText;
import nst.model.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepFileTest {
  @TempDir Path folder;
  private final Problems problems = new Problems();

  @Test
  void readsValuesAndListsAndTheAxesInTheOrderOfTheirLines() throws IOException {
    SweepFile file =
        read(
            """
            content = [a.jpg, "b c.jpg"]
            style = "../s.jpg"
            grid {
              tv_weight = "lin:0..1:5"
              content_weight = [0.5, 1]
              style_layers = ["relu1_1,relu2_1", relu3_1]
              image_size = 64
            }
            where = "content_weight < 1"
            samples = 20
            """);

    assertThat(file.texts("content").stream().map(SweepText::text))
        .containsExactly("a.jpg", "b c.jpg");
    assertThat(file.texts("style")).containsExactly(new SweepText("../s.jpg", "file:" + folder));
    assertThat(file.axes().stream().map(SweepText::text))
        .containsExactly(
            "tv_weight=lin:0..1:5",
            "content_weight=0.5,1",
            "style_layers=relu1_1,relu2_1;relu3_1",
            "image_size=64");
    assertThat(file.list("where")).containsExactly("content_weight < 1");
    assertThat(file.value("samples")).contains("20");
    assertThat(file.value("seed")).isEmpty();
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void listsEveryKeyThatItDoesNotKnow() throws IOException {
    SweepFile file = read("contents = a.jpg\nimage_size = 64\ngrid = 3");
    assertThat(file.axes()).isEmpty();
    assertThat(problems.list().stream().map(problem -> problem.column() + " " + problem.message()))
        .containsExactlyInAnyOrder(
            "contents Unknown key `contents`. Did you mean `content`?",
            "image_size Unknown key `image_size`. Knobs belong into grid.",
            "grid expected knobs with their values");
  }

  @Test
  void saysWhyAFileCannotBeRead() throws IOException {
    SweepFile.read(folder.resolve("absent.conf"), includer(), problems);
    SweepFile.read(folder, includer(), problems);
    read("grid {");
    List<String> messages = problems.list().stream().map(problem -> problem.message()).toList();
    assertThat(messages.get(0)).startsWith("no such file");
    assertThat(messages.get(1)).contains("was a folder");
    assertThat(messages.get(2)).contains("expecting a close");
  }

  private SweepFile read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.conf"), text);
    return SweepFile.read(file, includer(), problems);
  }

  private static ConfigIncluder includer() {
    return new ConfigIncluder() {
      @Override
      public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return fallback;
      }

      @Override
      public com.typesafe.config.ConfigObject include(
          com.typesafe.config.ConfigIncludeContext context, String what) {
        throw new IllegalStateException("this test includes nothing");
      }
    };
  }
}
