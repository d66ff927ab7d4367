package nst.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nst.job.TestResults;
import nst.job.cost.CostRecord;
import nst.job.cost.MeasuredCost;
import nst.model.ErrorCode;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.TransferResult.Timings;
import nst.storage.RetryCounters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks the JSON of runs and images, which is an interface: the same values give the same bytes as
 * the files in {@code src/test/resources/nst/record}. If a change is intended, copy the new files
 * from {@code target/golden}.
 */
class GoldenJsonTest {
  private static final Path GOLDEN = Path.of("src/test/resources/nst/record");
  private static final Path WRITTEN = Path.of("target/golden");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, RunConfig.Entry> CONFIGURATION =
      Map.of(
          "preset", new RunConfig.Entry("gatys", "--preset"),
          "image_size", new RunConfig.Entry("512", "default"),
          "label", new RunConfig.Entry("\"é\" <b>", "nst.conf"));

  private static final PlanFile PLAN =
      new PlanFile(
          "nightly",
          "2026-01-01",
          "s3a://bucket/manifest.parquet",
          "0a1b",
          "vgg16 ee rgb 1.0",
          3,
          "image_size=512\npreset=gatys",
          Map.of("PLANNED", 12L, "SKIPPED", 3L, "FAILED", 1L, "DUPLICATE", 0L),
          1234.5678901234,
          START.toString(),
          CONFIGURATION,
          Map.of("nst", "0.1.0", "java", "17.0.1"));

  private static final RunSummary RUN = run(CONFIGURATION);

  private static final CostRecord COSTS =
      new CostRecord(
          "nightly",
          "2026-01-01",
          12.5,
          List.of(
              new MeasuredCost("vgg16", "lbfgs", 512, "gpu", "bfloat16", 10, 335, 1.5e12, 3.25, 0),
              new MeasuredCost("vgg19", "adam", 256, "cpu", "float32", 1, 33.5, 0.1, 1e-9, 2)));

  static RunSummary run(Map<String, RunConfig.Entry> configuration) {
    return new RunSummary(
        "nightly",
        "2026-01-01",
        "s3a://bucket/manifest.parquet",
        "s3a://bucket/out",
        new RunSummary.Rows(16, 10, 2, 3, 1),
        Map.of("NOT_FOUND", 1L, "DECODE", 1L),
        List.of(new RunSummary.FailedRow("night 7", "NOT_FOUND", "no such photo: night.jpg")),
        1e7 + 1 / 3.0,
        new Timings(1, 2, 3_000_000_000L, 4, 5),
        List.of("NVIDIA H200", "cpu"),
        1L << 40,
        new RetryCounters(7, 8),
        List.of(
            new ExecutorReport.Ready("1", "node-1", 4711, "gpu:0", List.of("0"), 12.34567),
            new ExecutorReport.Ready("2", "node-2", 4712, "cpu", List.of(), 0.0004)),
        360.00049,
        100,
        0.1 + 0.2,
        List.of(
            new RunSummary.Network(
                "vgg16", "vgg16 (embedded)", "ee", true, "rgb", 57.63, "embedded"),
            new RunSummary.Network("vgg19", "vgg19 (v.st)", "ff", false, "bgr", 1, "assumed")),
        "Cannot write \"index.html\"",
        3,
        START,
        Instant.parse("2026-01-01T00:01:40.123456789Z"),
        Map.of("nst", "0.1.0", "java", "17.0.1"),
        configuration);
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("_PLAN.json", PLAN.json()),
        Arguments.of("_RUN.json", RUN.json()),
        Arguments.of("journal-ok.json", ResultJson.write(TestResults.ok("ab12"))),
        Arguments.of(
            "journal-failed.json",
            ResultJson.write(TestResults.failed("ab12", ErrorCode.NOT_FOUND))),
        Arguments.of("image-record.json", ResultJson.write(TestResults.ok("ab12"), "00ff")),
        Arguments.of(
            "planned-request.json",
            RequestJson.write(TestResults.REQUEST, Preset.BALANCED.hyperparameters())),
        Arguments.of(
            "planned-request-of-defaults.json",
            RequestJson.write(TestResults.REQUEST, TestResults.REQUEST.hyperparameters())),
        Arguments.of("network-recipe.json", NetworkRecipeTest.RECIPE.json()),
        Arguments.of("costs.json", new String(COSTS.json(), UTF_8)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void theBytesAreThoseOfTheGoldenFile(String name, String json) throws IOException {
    Files.createDirectories(WRITTEN);
    Files.writeString(WRITTEN.resolve(name), json);
    assertThat(json).isEqualTo(golden(name));
  }

  @Test
  void theGoldenFilesReadBackWhole() throws IOException {
    assertThat(PlanFile.read(golden("_PLAN.json").getBytes(UTF_8)).rows()).isEqualTo(PLAN.rows());
    assertThat(PlanFile.read(golden("_PLAN.json").getBytes(UTF_8)).differences(PLAN)).isEmpty();
    RunSummary run = RunSummary.read(golden("_RUN.json").getBytes(UTF_8));
    assertThat(run.json()).isEqualTo(golden("_RUN.json"));
    assertThat(ResultJson.read(golden("image-record.json"))).isEqualTo(TestResults.ok("ab12"));
    assertThat(ResultJson.read(golden("journal-failed.json")))
        .isEqualTo(TestResults.failed("ab12", ErrorCode.NOT_FOUND));
  }

  private static String golden(String name) throws IOException {
    return Files.readString(GOLDEN.resolve(name));
  }
}
