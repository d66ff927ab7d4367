package nst.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import nst.job.TestSpark;
import nst.model.InvalidInputException;
import nst.model.Problems.Problem;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The faults of a table that are found without Delta Lake or Iceberg; .ci/lakehouse.sh has both.
 */
@Tag("slow")
class MetricsCopyTest {
  private static final StructType METRICS =
      new StructType()
          .add("row", DataTypes.LongType)
          .add("id", DataTypes.StringType)
          .add("width", DataTypes.IntegerType)
          .add("styles", DataTypes.createArrayType(DataTypes.StringType))
          .add("my sku", DataTypes.LongType);

  private final SparkSession spark = TestSpark.spark();

  @Test
  void noTableIsOpenedWithoutAName() {
    assertThat(MetricsCopy.open(spark, "", METRICS)).isEmpty();
  }

  @Test
  void aCatalogueOrFormatThatSparkDoesNotKnowIsNamed() {
    spark.conf().set("spark.sql.catalog.gone", "org.example.Gone");
    assertThat(onlyFault("gone.nst.metrics"))
        .contains("was gone.nst.metrics: ", "org.example.Gone", "docs/outputs.md");
    assertThat(onlyFault("nowhere.nst.metrics")).contains("was nowhere.nst.metrics: ", "`nowhere`");
    assertThat(onlyFault("metrics")).contains("was metrics: ", "CREATE Hive TABLE");
    assertThat(onlyFault("a table")).contains("was a table: ", "PARSE_SYNTAX_ERROR");
  }

  @Test
  void allFaultsOfATableAreListedBeforeARowIsComputed() {
    spark.sql("DROP TABLE IF EXISTS copied");
    spark.sql(
        "CREATE TABLE copied (run_date STRING, run_id STRING, ROW BIGINT, id BIGINT, width BIGINT,"
            + " styles ARRAY<BIGINT>, mine STRING) USING parquet");
    try {
      assertThat(faults("copied", METRICS))
          .extracting(Problem::where, Problem::column, Problem::message)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(
                  "configuration",
                  "metrics.table",
                  "expected a table of Delta Lake or Iceberg, was copied with the format parquet"),
              org.assertj.core.groups.Tuple.tuple("copied", "id", "expected STRING, was BIGINT"),
              org.assertj.core.groups.Tuple.tuple(
                  "copied", "styles", "expected ARRAY<STRING>, was ARRAY<BIGINT>"),
              org.assertj.core.groups.Tuple.tuple(
                  "copied",
                  "",
                  "expected all columns of metrics, was without my sku. ALTER TABLE copied ADD"
                      + " COLUMNS (`my sku` BIGINT)"));
    } finally {
      spark.sql("DROP TABLE copied");
    }
  }

  @Test
  void aColumnOfTheUserCannotHaveTheNameOfOneOfTheTable() {
    assertThat(faults("metrics", METRICS.add("Run_ID", DataTypes.StringType)))
        .singleElement()
        .extracting(Problem::column)
        .isEqualTo("Run_ID");
  }

  private String onlyFault(String table) {
    List<Problem> faults = faults(table, METRICS);
    assertThat(faults).extracting(Problem::column).containsExactly("metrics.table");
    return faults.get(0).message();
  }

  private List<Problem> faults(String table, StructType metrics) {
    return catchThrowableOfType(
            InvalidInputException.class, () -> MetricsCopy.open(spark, table, metrics))
        .problems();
  }
}
