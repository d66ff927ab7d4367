package nst.job.cost;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nst.model.TransferResult.Status;
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
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

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
        plan.select("row", KIND[0], KIND[1], KIND[2], "cost_teraflops")
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
        .agg(count(lit(1)), sum("cost_teraflops"), sum("optimize"), sum("other"))
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
                        Math.max(0, row.getDouble(8)))));
    return measured;
  }

  public byte[] json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("run_id", runId).put("run_date", runDate).put("driver_seconds", driverSeconds);
    var entries = node.putArray("measured");
    for (MeasuredCost m : measured) {
      entries
          .addObject()
          .put("arithmetic", m.arithmetic())
          .put("search", m.search())
          .put("size", m.size())
          .put("device", m.device())
          .put("precision", m.precision())
          .put("rows", m.rows())
          .put("teraflops", m.teraflops())
          .put("optimize_seconds", m.optimizeSeconds())
          .put("other_seconds", m.otherSeconds());
    }
    try {
      return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of text and numbers can always be written", e);
    }
  }

  /**
   * Parses the output of {@link #json}.
   *
   * @throws IllegalArgumentException if it is not a cost record
   */
  static CostRecord read(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      List<MeasuredCost> measured = new ArrayList<>();
      for (JsonNode m : node.required("measured")) {
        measured.add(
            new MeasuredCost(
                m.required("arithmetic").asText(),
                m.required("search").asText(),
                m.required("size").asInt(),
                m.required("device").asText(),
                m.required("precision").asText(),
                m.required("rows").asLong(),
                m.required("teraflops").asDouble(),
                m.required("optimize_seconds").asDouble(),
                m.required("other_seconds").asDouble()));
      }
      return new CostRecord(
          node.required("run_id").asText(),
          node.required("run_date").asText(),
          node.required("driver_seconds").asDouble(),
          measured);
    } catch (IOException e) {
      throw new IllegalArgumentException("expected the costs of a run: " + e.getMessage(), e);
    }
  }
}
