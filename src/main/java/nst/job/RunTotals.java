package nst.job;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.table.Columns;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import org.apache.spark.sql.Row;

/**
 * The totals of the rows of {@code metrics/}, from one pass over the table.
 *
 * @param byStatus the number of rows by status; a row without one counts as {@code none}
 * @param failures the number of rows by error code
 * @param deviceSeconds the time for which rows held a device
 * @param timings the sum of the timings of the images that this run computed
 * @param devices the device of each executor that computed an image
 * @param peakMemoryBytes the largest resident memory of such an executor
 */
record RunTotals(
    Map<String, Long> byStatus,
    Map<String, Long> failures,
    double deviceSeconds,
    Timings timings,
    List<String> devices,
    long peakMemoryBytes) {

  RunTotals {
    byStatus = new TreeMap<>(byStatus);
    failures = new TreeMap<>(failures);
    devices = List.copyOf(devices);
  }

  /** The columns of {@code metrics/} that the totals need. */
  private static final String[] COLUMNS = {
    "status",
    "error_code",
    "started_at",
    "finished_at",
    "read_ms",
    "decode_ms",
    "optimize_ms",
    "encode_ms",
    "write_ms",
    "peak_memory_bytes",
    "host",
    "executor_id",
    "device"
  };

  /**
   * Computes the totals.
   *
   * @param together the number of rows that share a device at a time
   */
  static RunTotals of(RowTable metrics, long together) {
    Sum sum =
        metrics.isHeld()
            ? metrics.rows().stream().reduce(new Sum(), Sum::add, Sum::plus)
            : metrics
                .dataset()
                .select(Columns.named(COLUMNS))
                .javaRDD()
                .aggregate(new Sum(), Sum::add, Sum::plus);
    return sum.totals(together);
  }

  /** The totals of some rows. */
  private static final class Sum implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<String, Long> byStatus = new TreeMap<>();
    private final TreeMap<String, Long> failures = new TreeMap<>();
    private final TreeMap<String, String> devices = new TreeMap<>();
    private double heldSeconds;
    private Timings timings = Timings.NONE;
    private long peakMemoryBytes;

    Sum add(Row row) {
      String status = row.getAs("status");
      byStatus.merge(status == null ? "none" : status, 1L, Long::sum);
      if (Status.FAILED.name().equals(status)) {
        failures.merge(row.getAs("error_code"), 1L, Long::sum);
        heldSeconds += MetricsTable.heldSeconds(row).orElse(0);
      } else if (Status.OK.name().equals(status)) {
        heldSeconds += MetricsTable.heldSeconds(row).orElse(0);
        timings =
            sum(
                timings,
                new Timings(
                    whole(row, "read_ms"),
                    whole(row, "decode_ms"),
                    whole(row, "optimize_ms"),
                    whole(row, "encode_ms"),
                    whole(row, "write_ms")));
        devices.put(row.getAs("host") + "/" + row.getAs("executor_id"), row.getAs("device"));
        peakMemoryBytes = Math.max(peakMemoryBytes, whole(row, "peak_memory_bytes"));
      }
      return this;
    }

    Sum plus(Sum other) {
      other.byStatus.forEach((status, rows) -> byStatus.merge(status, rows, Long::sum));
      other.failures.forEach((code, rows) -> failures.merge(code, rows, Long::sum));
      devices.putAll(other.devices);
      heldSeconds += other.heldSeconds;
      timings = sum(timings, other.timings);
      peakMemoryBytes = Math.max(peakMemoryBytes, other.peakMemoryBytes);
      return this;
    }

    RunTotals totals(long together) {
      return new RunTotals(
          byStatus,
          failures,
          heldSeconds / together,
          timings,
          List.copyOf(devices.values()),
          peakMemoryBytes);
    }
  }

  private static Timings sum(Timings a, Timings b) {
    return new Timings(
        a.readMs() + b.readMs(),
        a.decodeMs() + b.decodeMs(),
        a.optimizeMs() + b.optimizeMs(),
        a.encodeMs() + b.encodeMs(),
        a.writeMs() + b.writeMs());
  }

  /** 0 if the row has no value. */
  private static long whole(Row row, String name) {
    Long value = row.getAs(name);
    return value == null ? 0 : value;
  }
}
