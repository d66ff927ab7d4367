package nst.job.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import nst.job.table.Tables;
import nst.model.ErrorCode;
import nst.model.TransferResult.Status;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * Decides which planned rows are computed: not those with the id of another row, not copies of
 * another row, and not those whose image exists.
 */
public final class RowStatus {
  /** The message of a row whose id another row has, around its id and the number of that row. */
  private static final String[] CLASH = {
    "Invalid id in row id=",
    ": expected a unique id, but row ",
    " has the same id and different values"
  };

  private RowStatus() {}

  /** The message of a row whose id another row has. */
  static String clash(String id, long owner) {
    return CLASH[0] + id + CLASH[1] + owner + CLASH[2];
  }

  /** Whether a row is to be computed. */
  public static Column isPlanned() {
    return col("status").equalTo(Tables.PLANNED);
  }

  private static Column firstPlanned() {
    return isPlanned().desc();
  }

  /**
   * The first row with an id keeps it. Other rows with the same id but a different request fail.
   */
  static Dataset<Row> withoutClashingIds(Dataset<Row> requests) {
    WindowSpec sameId = Window.partitionBy("id").orderBy(firstPlanned(), col("row"));
    Dataset<Row> withOwner =
        requests
            .withColumn("owner_key", first(col("key")).over(sameId))
            .withColumn("owner_row", first(col("row")).over(sameId));
    Column clash = isPlanned().and(col("key").notEqual(col("owner_key")));
    return withOwner
        .withColumn(
            "error_code",
            when(clash, lit(ErrorCode.DUPLICATE_ID.name())).otherwise(col("error_code")))
        .withColumn(
            "error_message",
            when(
                    clash,
                    concat(
                        lit(CLASH[0]),
                        col("id"),
                        lit(CLASH[1]),
                        col("owner_row").cast(DataTypes.StringType),
                        lit(CLASH[2])))
                .otherwise(col("error_message")))
        .withColumn("status", when(clash, lit(Status.FAILED.name())).otherwise(col("status")))
        .drop("owner_key", "owner_row");
  }

  /** The first row of a key is computed; the others refer to it. */
  static Dataset<Row> withoutDuplicates(Dataset<Row> requests) {
    WindowSpec sameKey = Window.partitionBy("key").orderBy(firstPlanned(), col("row"));
    return requests
        .withColumn("copy", row_number().over(sameKey))
        .withColumn(
            "status",
            when(isPlanned().and(col("copy").gt(1)), lit(Status.DUPLICATE.name()))
                .otherwise(col("status")))
        .drop("copy");
  }

  /** Rows whose image exists are skipped. */
  static Dataset<Row> withoutDone(Dataset<Row> requests, Dataset<Row> done) {
    return requests
        .join(
            done.select(col("key").as("done_key")).distinct(),
            col("key").equalTo(col("done_key")),
            "left")
        .withColumn(
            "status",
            when(isPlanned().and(col("done_key").isNotNull()), lit(Status.SKIPPED.name()))
                .otherwise(col("status")))
        .drop("done_key");
  }
}
