package nst.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * A run of five small rows of different sizes. Tests let the device fail at some of them. The most
 * expensive row is the first, so rows are computed in the order of {@link #of}.
 */
record DeviceFaultRun(Path folder, Path manifest) {
  /** Pixels of the row {@code stuck}. */
  static final int STUCK = 96;

  /** Pixels of the row {@code exhausted}. The row after it has no fault. */
  static final int EXHAUSTED = 88;

  /** Pixels of the row {@code broken}. */
  static final int BROKEN = 80;

  /** Pixels of the image of the warm-up. */
  static final int WARM_UP = 32;

  /** Each other row takes a tenth of a second, on a machine that is used for other work too. */
  static final List<String> LIMITS =
      List.of("--limits-image-seconds", "8", "--limits-stuck-seconds", "2");

  /** What {@link #codes} returns when each of the three faults has happened at its row alone. */
  static final Map<String, String> CODES =
      Map.of(
          "stuck", "FAILED TIMEOUT",
          "exhausted", "FAILED OUT_OF_MEMORY",
          "next", "OK null",
          "broken", "FAILED DEVICE_LOST",
          "last", "OK null");

  static DeviceFaultRun of(Path folder) {
    return new DeviceFaultRun(
        folder,
        new TestCatalogue(folder)
            .picture("photo.jpg", 64, 64, 1)
            .picture("painting.png", 56, 56, 2)
            .column("image_size", DataTypes.LongType)
            .row("stuck", "photo.jpg", "painting.png", (long) STUCK)
            .row("exhausted", "photo.jpg", "painting.png", (long) EXHAUSTED)
            .row("next", "photo.jpg", "painting.png", 84L)
            .row("broken", "photo.jpg", "painting.png", (long) BROKEN)
            .row("last", "photo.jpg", "painting.png", 64L)
            .write());
  }

  /** The command. It uses only a few layers, so that rows take milliseconds. */
  List<String> run(String... submitOptions) {
    List<String> arguments = new ArrayList<>(Arrays.asList(submitOptions));
    arguments.addAll(
        List.of(
            "run",
            manifest.toString(),
            "--output",
            output().toString(),
            "--run-id",
            "faults",
            "--run-date",
            "2026-01-01",
            "--num-iterations",
            "3",
            "--content-layers",
            "relu1_1:1",
            "--style-layers",
            "relu1_1:1"));
    return arguments;
  }

  /** The rows that have an image. */
  int images() throws IOException {
    return Math.toIntExact(
        LivingFolder.files(output().resolve("images/v1")).stream()
            .filter(path -> path.toString().endsWith(".png"))
            .count());
  }

  /** The status and the error code of each row, by id. */
  Map<String, String> codes() throws IOException {
    Map<String, String> codes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(output())) {
      Path metrics = files.filter(path -> path.endsWith("metrics")).findFirst().orElseThrow();
      for (Row row : TestSpark.spark().read().parquet(metrics.toString()).collectAsList()) {
        codes.put(row.getAs("id"), row.getAs("status") + " " + row.getAs("error_code"));
      }
    }
    return codes;
  }

  private Path output() {
    return folder.resolve("out");
  }
}
