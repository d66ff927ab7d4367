package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.job.manifest.ManifestTest;
import nst.job.table.RowTable;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.record.RunSummary;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose rows the driver holds has the same tables as one whose rows stay in Spark. */
class RowTableIT {
  /** Columns that are not the same in two runs of one manifest. */
  private static final Set<String> DIFFERENT =
      Set.of(
          "batch",
          "read_ms",
          "decode_ms",
          "optimize_ms",
          "encode_ms",
          "write_ms",
          "elapsed_ms",
          "peak_memory_bytes",
          "started_at",
          "finished_at",
          "output_sha256",
          "output_bytes",
          "output_uri",
          "predicted_from",
          "predicted_seconds");

  @TempDir Path folder;

  @AfterEach
  void holdFewRowsAgain() {
    TestSpark.spark().conf().unset(RowTable.LIMIT);
  }

  @Test
  void bothHaveTheSameTables() throws Exception {
    Path manifest =
        new TestCatalogue(folder)
            .picture("photo.png", 64, 48, 1)
            .picture("painting.png", 56, 56, 2)
            .column("seed", DataTypes.LongType)
            .column("album", DataTypes.createArrayType(DataTypes.StringType))
            .row("one", "photo.png", "painting.png", 1L, new String[] {"a", null})
            .row("two", "photo.png", "painting.png", 2L, null)
            .row("again", "photo.png", "painting.png", 1L, null)
            .row("two", "photo.png", "painting.png", 3L, null)
            .row("missing", "none.png", "painting.png", 1L, null)
            .row("invalid", null, "painting.png", 1L, null)
            .write();
    SmallRun held = new SmallRun(folder.resolve("held"));
    SmallRun distributed = new SmallRun(folder.resolve("distributed"));

    int begin = marker("begin");
    RunSummary first = run(held, manifest, 1000);
    // manifest, rows, three tables written
    assertThat(marker("end") - begin - 1).as("Spark jobs").isEqualTo(5);
    RunSummary other = run(distributed, manifest, 0);

    assertThat(first.rows()).isEqualTo(new RunSummary.Rows(6, 2, 3, 0, 1));
    requireSame(first, other);
    requireSameTables(held, distributed);
    assertThat(verified(held, 1000)).isEqualTo(verified(distributed, 0));

    delete(held); // the next runs find the images
    delete(distributed);
    requireSame(run(held, manifest, 1000), run(distributed, manifest, 0));
    requireSameTables(held, distributed);
  }

  private RunSummary run(SmallRun run, Path manifest, int rows) {
    TestSpark.spark().conf().set(RowTable.LIMIT, rows);
    RunConfig config = ManifestTest.config(Map.of(Knob.IMAGE_SIZE, 48L, Knob.NUM_ITERATIONS, 2L));
    return run.of(manifest, config);
  }

  /** Runs a Spark job and returns its number. */
  private static int marker(String name) throws Exception {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(TestSpark.spark().sparkContext());
    String group = "RowTableIT " + name;
    context.setJobGroup(group, "counts the jobs between this one and another");
    context.parallelize(List.of(1)).count();
    context.clearJobGroup();
    Await.until(group, () -> context.statusTracker().getJobIdsForGroup(group).length == 1);
    return context.statusTracker().getJobIdsForGroup(group)[0];
  }

  private static Verification verified(SmallRun run, int rows) {
    TestSpark.spark().conf().set(RowTable.LIMIT, rows);
    Verification verified = Verification.of(TestSpark.session(), run.output(), Optional.empty());
    assertThat(verified.checked()).isEqualTo(2);
    assertThat(verified.findings()).isEmpty();
    return verified;
  }

  private static void delete(SmallRun run) {
    TestSpark.session()
        .store()
        .list(OutputLayout.runs(run.output()))
        .forEachRemaining(uri -> TestSpark.session().store().delete(uri));
  }

  private static void requireSame(RunSummary one, RunSummary other) {
    assertThat(other.rows()).isEqualTo(one.rows());
    assertThat(other.failures()).isEqualTo(one.failures());
    assertThat(other.firstFailures()).isEqualTo(one.firstFailures());
    assertThat(other.devices()).isEqualTo(one.devices());
    assertThat(other.timings().optimizeMs() > 0).isEqualTo(one.timings().optimizeMs() > 0);
    assertThat(other.pageFault()).isEmpty();
    assertThat(one.pageFault()).isEmpty();
  }

  private static void requireSameTables(SmallRun one, SmallRun other) {
    requireSame(one.layout().plan(), other.layout().plan(), "row");
    requireSame(one.layout().metrics(), other.layout().metrics(), "row");
    requireSame(one.layout().loss(), other.layout().loss(), "key", "scale", "iteration");
  }

  private static void requireSame(String one, String other, String... order) {
    Dataset<Row> table = TestSpark.spark().read().parquet(one);
    assertThat(TestSpark.spark().read().parquet(other).schema()).isEqualTo(table.schema());
    assertThat(rows(other, order)).as(other).isEqualTo(rows(one, order));
  }

  private static List<String> rows(String table, String... order) {
    Dataset<Row> rows = TestSpark.spark().read().parquet(table);
    return rows
        .orderBy(Arrays.stream(order).map(rows::col).toArray(org.apache.spark.sql.Column[]::new))
        .drop(DIFFERENT.toArray(String[]::new))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }
}
