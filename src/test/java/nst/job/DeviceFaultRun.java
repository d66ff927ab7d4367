package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

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
 * A run of four small rows, of which one is larger than the others. Tests let the device fail at
 * this row. It is the most expensive row and therefore the first.
 */
record DeviceFaultRun(Path folder, Path manifest) {
  /** Pixels of the row at which the device fails. */
  static final int STUCK = 96;

  /** Pixels of the image of the warm-up. */
  static final int WARM_UP = 32;

  /** Each other row takes a tenth of a second, on a machine that is used for other work too. */
  static final List<String> LIMITS =
      List.of("--limits-image-seconds", "8", "--limits-stuck-seconds", "2");

  static DeviceFaultRun of(Path folder) {
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .picture("photo.jpg", 64, 64, 1)
            .picture("painting.png", 56, 56, 2)
            .column("image_size", DataTypes.LongType)
            .column("seed", DataTypes.LongType)
            .row("stuck", "photo.jpg", "painting.png", (long) STUCK, 0L);
    for (long i = 0; i < 3; i++) {
      catalogue.row("r" + i, "photo.jpg", "painting.png", 64L, i);
    }
    return new DeviceFaultRun(folder, catalogue.write());
  }

  /** The command. It uses only a few layers, so that rows take milliseconds. */
  List<String> run(String... submitOptions) {
    List<String> arguments = new ArrayList<>(Arrays.asList(submitOptions));
    arguments.addAll(
        List.of(
            "run",
            manifest.toString(),
            "--output",
            folder.resolve("out").toString(),
            "--run-id",
            "stuck",
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

  /** Runs it again in this JVM, where no device fails. */
  Command.Outcome again() {
    return Command.here(run().toArray(new String[0]));
  }

  void requireThatOnlyTheStuckRowFailed(String code) throws IOException {
    Map<String, String> codes = new TreeMap<>();
    for (Row row : metrics()) {
      codes.put(row.getAs("id"), row.getAs("status") + " " + row.getAs("error_code"));
    }
    assertThat(codes)
        .isEqualTo(
            Map.of("r0", "OK null", "r1", "OK null", "r2", "OK null", "stuck", "FAILED " + code));
  }

  void requireThatEveryRowIsOkWithoutTheFault() throws IOException {
    Command.Outcome resumed = again();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(metrics())
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("OK", "OK", "OK", "OK");
  }

  private List<Row> metrics() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      Path metrics = files.filter(path -> path.endsWith("metrics")).findFirst().orElseThrow();
      return TestSpark.spark().read().parquet(metrics.toString()).collectAsList();
    }
  }
}
