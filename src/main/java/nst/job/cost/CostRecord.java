package nst.job.cost;

import static java.util.Comparator.comparing;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nst.job.table.Columns;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.model.TransferResult.Status;
import nst.record.Json;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The costs measured in one run for each kind of row, for use by later runs.
 *
 * @param runId the run
 * @param runDate the date of the run
 * @param driverSeconds the time outside the computation: plan, tables, report page
 */
public record CostRecord(
    String runId, String runDate, double driverSeconds, List<MeasuredCost> measured) {
  /** The columns of the plan that the costs need. */
  private static final String[] WORK = {
    "row", "cost_arithmetic", "cost_search", "cost_size", "cost_evaluations", "cost_teraflops"
  };

  /** The columns of {@code metrics} that the costs need. */
  private static final String[] TIMES = {
    "row",
    "status",
    "device",
    "precision",
    "optimize_ms",
    "encode_ms",
    "write_ms",
    "started_at",
    "finished_at"
  };

  public CostRecord {
    measured = List.copyOf(measured);
  }

  /** Sums the costs of the rows that a run computed. */
  public static List<MeasuredCost> measured(RowTable plan, RowTable metrics) {
    Sum sum =
        plan.isHeld() && metrics.isHeld()
            ? held(plan, metrics.rows())
            : distributed(plan.dataset(), metrics.dataset());
    return sum.costs();
  }

  private static Sum held(RowTable plan, List<Row> metrics) {
    Map<Long, Row> workloads = new HashMap<>();
    int[] columns = Arrays.stream(WORK).mapToInt(plan.schema()::fieldIndex).toArray();
    for (Row row : plan.rows()) {
      Object[] work = Arrays.stream(columns).mapToObj(row::get).toArray();
      workloads.put((Long) work[0], RowFactory.create(work));
    }
    Sum sum = new Sum();
    metrics.forEach(row -> sum.add(workloads.get(row.<Long>getAs("row")), row));
    return sum;
  }

  private static Sum distributed(Dataset<Row> plan, Dataset<Row> metrics) {
    Dataset<Row> workloads = plan.select(Columns.named(WORK)).where("cost_size is not null");
    Dataset<Row> times =
        metrics
            .where(col("status").equalTo(Status.OK.name()))
            .select(col("row"), struct(Columns.named(TIMES)).as("times"));
    return workloads
        .join(times, "row")
        .javaRDD()
        .aggregate(new Sum(), (sum, row) -> sum.add(row, row.getAs("times")), Sum::plus);
  }

  /** The costs of some rows, by kind. */
  private static final class Sum implements Serializable {
    private static final long serialVersionUID = 1L;

    private final HashMap<List<Object>, MeasuredCost> byKind = new HashMap<>();

    /**
     * Adds a row, if it was computed.
     *
     * @param work begins with the columns {@link #WORK}
     * @param row has the columns {@link #TIMES}
     */
    Sum add(Row work, Row row) {
      if (!Status.OK.name().equals(row.getAs("status")) || work.isNullAt(3)) {
        return this;
      }
      double optimize = row.<Long>getAs("optimize_ms") / 1000.0;
      add(
          new MeasuredCost(
              work.getString(1),
              work.getString(2),
              work.getInt(3),
              row.<String>getAs("device").replaceFirst(":.*", ""),
              row.getAs("precision"),
              1,
              work.getDouble(4),
              work.getDouble(5),
              optimize,
              MetricsTable.heldSeconds(row).orElse(optimize) - optimize));
      return this;
    }

    private void add(MeasuredCost cost) {
      byKind.merge(cost.kind(), cost, MeasuredCost::plus);
    }

    Sum plus(Sum other) {
      other.byKind.values().forEach(this::add);
      return this;
    }

    List<MeasuredCost> costs() {
      return byKind.values().stream()
          .sorted(
              comparing(MeasuredCost::arithmetic)
                  .thenComparing(MeasuredCost::search)
                  .thenComparing(MeasuredCost::size)
                  .thenComparing(MeasuredCost::device)
                  .thenComparing(MeasuredCost::precision))
          .map(MeasuredCost::withoutNegative)
          .toList();
    }
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
