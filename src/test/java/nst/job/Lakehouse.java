package nst.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.executor.JobFailedException;
import nst.job.manifest.ManifestTest;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Copies {@code metrics} to tables of the real Delta Lake and Iceberg ({@code .ci/lakehouse.sh}),
 * and reads the tables. Spark's configuration comes from system properties.
 */
public final class Lakehouse {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  /** Iceberg's statistics have the first 16 characters of a text, which do not tell these apart. */
  private static final String FIRST = "scheduled__2026-01-01T00.00.00";

  private static final String SECOND = "scheduled__2026-01-02T00.00.00";

  private final SparkSession spark = TestSpark.spark();
  private final Path folder;
  private final String table;

  private Lakehouse(Path folder, String table) {
    this.folder = folder;
    this.table = table;
  }

  /** Takes a folder, and the names of a table of Iceberg and one of Delta Lake. */
  public static void main(String[] arguments) {
    for (int i = 1; i < arguments.length; i++) {
      Path folder = Path.of(arguments[0]).resolve("catalogue-" + i).toAbsolutePath();
      Lakehouse lakehouse = new Lakehouse(folder, arguments[i]);
      lakehouse.check();
      if (i == 1) { // Iceberg
        lakehouse.checkFaults();
      }
      System.out.println(arguments[i] + ": each run has its rows once");
    }
    System.exit(0); // the engine has threads
  }

  private void check() {
    Path manifest = catalogue(folder, "sku", DataTypes.LongType);
    run(manifest, FIRST, RunObserver.NONE);
    run(manifest, FIRST, RunObserver.NONE); // as it is finished, only the copy is written
    run(manifest, SECOND, RunObserver.NONE);
    assertThat(rows())
        .isEqualTo(
            Map.of(
                FIRST + " r1", "OK 1",
                FIRST + " r2", "FAILED 2",
                SECOND + " r1", "SKIPPED 1",
                SECOND + " r2", "FAILED 2"));
  }

  private void checkFaults() {
    failsAndContinues();
    refusesOtherColumns();
    refusesAnotherLayout();
  }

  /** The table is there when the run begins, and takes no rows when it ends. */
  private void failsAndContinues() {
    Path manifest = folder.resolve("manifest.parquet");
    RunObserver drops =
        new RunObserver() {
          @Override
          public void computed() {
            spark.sql("DROP TABLE " + table);
          }
        };
    JobFailedException fault =
        catchThrowableOfType(JobFailedException.class, () -> run(manifest, "third", drops));
    assertThat(fault).hasMessageContainingAll(table, "--run-id third --run-date 2026-01-01");
    assertThat(recorded("third")).doesNotExist();
    assertThat(SmallRun.byId("file:" + recorded("third").resolveSibling("metrics"))).hasSize(2);

    run(manifest, "third", RunObserver.NONE);
    assertThat(recorded("third")).exists();
  }

  private void refusesOtherColumns() {
    Path other = catalogue(folder.resolve("other"), "album", DataTypes.StringType);
    InvalidInputException fault =
        catchThrowableOfType(
            InvalidInputException.class, () -> run(other, "fourth", RunObserver.NONE));
    String statement = "ALTER TABLE " + table + " ADD COLUMNS (`album` STRING)";
    assertThat(fault).hasMessageEndingWith("was without album. " + statement);
    assertThat(recorded("fourth").getParent()).doesNotExist();

    spark.sql(statement);
    run(other, "fourth", RunObserver.NONE);
    assertThat(rows())
        .isEqualTo(
            Map.of(
                "third r1", "SKIPPED 1",
                "third r2", "FAILED 2",
                "fourth r1", "OK null",
                "fourth r2", "FAILED null"));
  }

  private void refusesAnotherLayout() {
    spark.sql("ALTER TABLE " + table + " DROP PARTITION FIELD run_id");
    InvalidInputException fault =
        catchThrowableOfType(
            InvalidInputException.class,
            () -> run(folder.resolve("manifest.parquet"), "fifth", RunObserver.NONE));
    assertThat(fault).hasMessageContaining("expected a table that is partitioned by run_id");
  }

  private static Path catalogue(Path folder, String own, DataType type) {
    boolean isText = type.equals(DataTypes.StringType);
    return new TestCatalogue(folder)
        .picture("photo.jpg", 40, 32, 1)
        .picture("painting.png", 36, 36, 2)
        .column(own, type)
        .row("r1", "photo.jpg", "painting.png", isText ? "1" : (Object) 1L)
        .row("r2", "none.jpg", "painting.png", isText ? "2" : (Object) 2L)
        .write();
  }

  private void run(Path manifest, String runId, RunObserver observer) {
    RunConfig config =
        ManifestTest.config(
            Map.of(Knob.IMAGE_SIZE, 32L, Knob.NUM_ITERATIONS, 1L),
            Map.of(Setting.METRICS_TABLE, table));
    RunOptions options = new RunOptions("file:" + manifest, output(), runId, DAY, config);
    new StyleTransferJob(TestSpark.session(), options, observer).run();
  }

  private String output() {
    return "file:" + folder.resolve("out");
  }

  private Path recorded(String runId) {
    String uri = new OutputLayout(output(), DAY.toString(), runId).runFile();
    return Path.of(uri.substring("file:".length()));
  }

  /** Status and sku of each row of the table, which has the columns and values of metrics. */
  private Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    List<Row> read =
        spark
            .table(table)
            .where("run_date = '2026-01-01' and image_size = 32 and size(styles) = 1")
            .select("run_id", "id", "status", "sku")
            .collectAsList();
    for (Row row : read) {
      String key = row.getString(0) + " " + row.getString(1);
      assertThat(rows.put(key, row.getString(2) + " " + row.get(3))).as(key).isNull();
    }
    return rows;
  }
}
