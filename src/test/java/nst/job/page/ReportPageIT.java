package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nst.image.RgbImage;
import nst.image.codec.Thumbnail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the memory of the page, in a process with a heap of a known size. */
class ReportPageIT {
  @TempDir Path folder;

  /**
   * As floats in the size of the large view, these 15 photos need twice the heap, and the page
   * about half.
   */
  @Test
  void theHeapHoldsOnePictureAtATimeAndNotThePage() throws Exception {
    int rows = 15;
    assertThat(picturesOfPage(64, Integer.toString(rows)))
        .as("photos, results and the painting, in two sizes")
        .isEqualTo(2 * (2 * rows + 1));
  }

  /**
   * The heap has room for several threads, but only for one of these photos, whose files are small:
   * 24 megapixels need 360 MB while they are decoded.
   */
  @Test
  void oneLargePhotoIsDecodedAtATime() throws Exception {
    int rows = 3;
    Path photos = Files.createDirectory(folder.resolve("photos"));
    float[] grey = new float[3 * 6000 * 4000];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(grey, 0.2f * i);
      byte[] photo = Thumbnail.jpeg(new RgbImage(6000, 4000, grey));
      assertThat(photo).hasSizeLessThan(2 << 20);
      Files.write(photos.resolve("photo-" + i), photo);
    }

    assertThat(picturesOfPage(1000, Integer.toString(rows), photos.toString()))
        .as("photos, results and the painting, in two sizes")
        .isEqualTo(2 * (2 * rows + 1));
  }

  /** Writes a page in a process with this heap; returns the number of its pictures. */
  private long picturesOfPage(int heapMegabytes, String... arguments) throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path log = folder.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                "target/classes:target/test-classes:"
                    + Files.readString(Path.of("target/test-classpath")).strip(),
                PageOfLargePhotos.class.getName(),
                folder.resolve("out").toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();

    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    try (var left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
    Path pictures = folder.resolve("out/runs/run_date=2026-01-01/run_id=large/report/pictures");
    try (var files = Files.walk(pictures)) {
      return files.filter(file -> file.toString().endsWith(".jpg")).count();
    }
  }
}
