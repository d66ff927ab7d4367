package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the memory of the page, in a process with a heap of a known size. */
class ReportPageIT {
  private static final int HEAP_MB = 64;

  /**
   * As floats in the size of the large view, these photos need twice the heap, and the page about
   * half.
   */
  private static final int ROWS = 15;

  @TempDir Path folder;

  @Test
  void theHeapHoldsOnePictureAtATimeAndNotThePage() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MB + "m",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                "target/classes:target/test-classes:"
                    + Files.readString(Path.of("target/test-classpath")).strip(),
                PageOfLargePhotos.class.getName(),
                folder.resolve("out").toString(),
                Integer.toString(ROWS))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    Path pictures = folder.resolve("out/runs/run_date=2026-01-01/run_id=large/report/pictures");
    try (var files = Files.walk(pictures)) {
      assertThat(files.filter(file -> file.toString().endsWith(".jpg")))
          .as("photos, results and the painting, in two sizes")
          .hasSize(2 * (2 * ROWS + 1));
    }
    try (var left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }
}
