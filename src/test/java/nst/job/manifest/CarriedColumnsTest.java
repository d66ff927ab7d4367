package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import nst.job.PlannedManifest;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.model.Problems.Problem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the names and values of the user's own columns. Each column is copied to the metrics, or
 * the manifest is rejected before anything is planned.
 */
@Tag("slow")
class CarriedColumnsTest {
  private static final Path MANIFESTS = Path.of("src/test/resources/nst/manifests");

  /** Names that Spark or this program gives to columns while they read and plan a manifest. */
  private static final List<String> INTERNAL =
      List.of(
          "_metadata",
          "_tmp_metadata_row_id",
          "row_index",
          "file_path",
          "file_name",
          "file_size",
          "file_modification_time",
          "_corrupt_record",
          "__index_level_0__",
          "value",
          "_1",
          "owner_key",
          "done_key",
          "copy",
          "loss",
          "run_id",
          "run_date");

  @TempDir Path output;

  @AfterEach
  void holdFewRowsAgain() {
    TestSpark.spark().conf().unset(RowTable.LIMIT);
  }

  /**
   * @param held the number of rows that the driver may hold
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void ownColumnsOfAnyNameReachTheMetricsWithValuesAndTypes(int held) {
    TestSpark.spark().conf().set(RowTable.LIMIT, held);
    Path manifest = MANIFESTS.resolve("names.parquet");
    StructType given = PlannedManifest.open(manifest).schema();
    List<String> own =
        Arrays.stream(given.fieldNames())
            .filter(name -> !ManifestColumns.columns().contains(name))
            .toList();
    assertThat(own)
        .contains("2024", "exif.iso", "a;{b}", "a`b", "*", "", "said_key", "file_path")
        .hasSize(15);
    Row before = TestSpark.spark().read().parquet(manifest.toString()).collectAsList().get(1);

    Dataset<Row> metrics = written(PlannedManifest.of(manifest, output));

    Row after = metrics.where("row = 1").head();
    for (String name : own) {
      assertThat(metrics.schema().apply(name).dataType())
          .as(name)
          .isEqualTo(before.schema().apply(name).dataType());
      assertThat(after.get(after.fieldIndex(name)))
          .as(name)
          .isEqualTo(before.get(before.fieldIndex(name)));
    }
    assertThat(after.<String>getAs("content")).endsWith("/b.jpg");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void ownColumnsWithInternalNamesReachTheMetrics(int held) {
    TestSpark.spark().conf().set(RowTable.LIMIT, held);
    TestCatalogue catalogue = new TestCatalogue(output);
    Object[] row = new Object[3 + INTERNAL.size()];
    row[0] = "a";
    row[1] = "c.png";
    row[2] = "s.png";
    for (int i = 0; i < INTERNAL.size(); i++) {
      catalogue.column(INTERNAL.get(i), DataTypes.LongType);
      row[3 + i] = 100L + i;
    }
    Dataset<Row> metrics = written(PlannedManifest.of(catalogue.row(row).write(), output));
    Row only = metrics.head();
    for (int i = 0; i < INTERNAL.size(); i++) {
      assertThat(only.<Long>getAs(INTERNAL.get(i))).as(INTERNAL.get(i)).isEqualTo(100L + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"_tmp_metadata_row_index", "_Tmp_Metadata_Row_Index"})
  void theNameOfSparksRowNumberIsRefused(String name) {
    Path manifest =
        new TestCatalogue(output)
            .column(name, DataTypes.LongType)
            .row("a", "c.png", "s.png", 7L)
            .write();
    assertThat(refused(manifest))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.column()).isEqualTo(name);
              assertThat(problem.message()).contains("reserved", "Rename your column");
            });
  }

  /** 24:00:00, which DuckDB writes, a number that is not a time of day, and dates before 1582. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void timesAndDatesAtTheirLimitsReachTheMetrics(int held) {
    TestSpark.spark().conf().set(RowTable.LIMIT, held);
    Dataset<Row> metrics =
        written(PlannedManifest.of(MANIFESTS.resolve("time_limits.parquet"), output));
    assertThat(texts(metrics, "micros")).containsExactly("24:00:00", "9000000000000000", "-1");
    assertThat(texts(metrics, "nanos"))
        .containsExactly("23:59:59.999999999", "24:00:00", "86400000000001");
    assertThat(texts(metrics, "day")).containsExactly("0001-01-01", "1500-03-01", "2024-05-01");
    assertThat(texts(metrics, "taken")).startsWith("0001-01-01 00:00:00");
  }

  private static List<String> texts(Dataset<Row> metrics, String column) {
    return metrics
        .orderBy("row")
        .select(metrics.col(column).cast("string"))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Writes plan/ and metrics/ of a run without computed rows. */
  private Dataset<Row> written(PlannedManifest manifest) {
    String plan = output.resolve("plan").toString();
    manifest.plan().dataset().write().parquet(plan);
    RowTable journal = RowTable.held(TestSpark.spark(), List.of(), Tables.JOURNAL);
    RowTable read =
        manifest.plan().isHeld()
            ? manifest.plan()
            : RowTable.distributed(TestSpark.spark().read().parquet(plan));
    RowTable metrics =
        MetricsTable.of(TestSpark.spark(), read, journal, manifest.config().defaults());
    assertThat(metrics.isHeld()).isEqualTo(manifest.plan().isHeld());
    String folder = output.resolve("metrics").toString();
    metrics.dataset().write().parquet(folder);
    return TestSpark.spark().read().parquet(folder);
  }

  @Test
  void namesThatDifferFromOursOnlyByCaseAreRefused() {
    assertThat(refused("names_case.parquet"))
        .extracting(Problem::column)
        .contains("Width", "Status", "CONTENT");
  }

  @Test
  void ownNamesThatDifferOnlyByCaseAreRefused() {
    assertThat(refused("names_twice.parquet"))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains("differ by more than case", "note"));
  }

  private static List<Problem> refused(String name) {
    return refused(MANIFESTS.resolve(name));
  }

  private static List<Problem> refused(Path manifest) {
    return catchThrowableOfType(InvalidInputException.class, () -> PlannedManifest.open(manifest))
        .problems();
  }
}
