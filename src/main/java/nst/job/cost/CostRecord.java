package nst.job.cost;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sum;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nst.model.TransferResult.Status;
import nst.record.Json;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The costs measured in one run for each kind of row, for use by later runs.
 *
 * @param runId the run
 * @param runDate the date of the run
 * @param driverSeconds the time outside the computation: plan, tables, report page
 */
public record CostRecord(
    String runId, String runDate, double driverSeconds, List<MeasuredCost> measured) {
  /** The columns of the plan that identify a kind of row. */
  private static final String[] KIND = {"cost_arithmetic", "cost_search", "cost_size"};

  public CostRecord {
    measured = List.copyOf(measured);
  }

  /**
   * Sums the costs of the rows that a run computed.
   *
   * @param held the seconds that a row of {@code metrics} held its device
   */
  public static List<MeasuredCost> measured(Dataset<Row> plan, Dataset<Row> metrics, Column held) {
    Dataset<Row> workloads =
        plan.select("row", KIND[0], KIND[1], KIND[2], "cost_evaluations", "cost_teraflops")
            .where("cost_size is not null");
    Column optimize = col("optimize_ms").divide(1000);
    List<MeasuredCost> measured = new ArrayList<>();
    metrics
        .where(col("status").equalTo(Status.OK.name()))
        .select(
            col("row"),
            regexp_replace(col("device"), ":.*", "").as("device"),
            col("precision"),
            optimize.as("optimize"),
            coalesce(held, optimize).minus(optimize).as("other"))
        .join(workloads, "row")
        .groupBy(KIND[0], KIND[1], KIND[2], "device", "precision")
        .agg(
            count(lit(1)),
            sum("cost_evaluations"),
            sum("cost_teraflops"),
            sum("optimize"),
            sum("other"))
        .orderBy(KIND[0], KIND[1], KIND[2], "device", "precision")
        .collectAsList()
        .forEach(
            row ->
                measured.add(
                    new MeasuredCost(
                        row.getString(0),
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getDouble(6),
                        row.getDouble(7),
                        row.getDouble(8),
                        Math.max(0, row.getDouble(9)))));
    return measured;
  }

  /** The text of a file of costs, in UTF-8. */
  public byte[] json() {
    return Json.file(this).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Parses the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not a cost record
   */
  static CostRecord read(byte[] json) {
    return Json.read(json, CostRecord.class, "the costs of a run");
  }
}
