package nst.job;

import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
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

  /**
   * Computes the totals.
   *
   * @param held the seconds for which a row held its device
   */
  static RunTotals of(Dataset<Row> metrics, Column held) {
    List<Row> groups =
        metrics
            .groupBy("status", "error_code")
            .agg(
                count(lit(1)).as("rows"),
                sum(held).as("held"),
                sum("read_ms").as("read"),
                sum("decode_ms").as("decode"),
                sum("optimize_ms").as("optimize"),
                sum("encode_ms").as("encode"),
                sum("write_ms").as("write"),
                max("peak_memory_bytes").as("peak"),
                collect_set(struct("host", "executor_id", "device")).as("devices"))
            .collectAsList();
    Map<String, Long> byStatus = new TreeMap<>();
    Map<String, Long> failures = new TreeMap<>();
    double deviceSeconds = 0;
    Timings timings = Timings.NONE;
    List<String> devices = List.of();
    long peakMemoryBytes = 0;
    for (Row group : groups) {
      String status = group.isNullAt(0) ? "none" : group.getString(0);
      byStatus.merge(status, group.<Long>getAs("rows"), Long::sum);
      if (status.equals(Status.FAILED.name())) {
        failures.merge(group.getString(1), group.<Long>getAs("rows"), Long::sum);
        deviceSeconds += held(group);
      } else if (status.equals(Status.OK.name())) { // one group: no image has an error
        deviceSeconds += held(group);
        timings =
            new Timings(
                whole(group, "read"),
                whole(group, "decode"),
                whole(group, "optimize"),
                whole(group, "encode"),
                whole(group, "write"));
        devices = devices(group.getList(group.fieldIndex("devices")));
        peakMemoryBytes = whole(group, "peak");
      }
    }
    return new RunTotals(byStatus, failures, deviceSeconds, timings, devices, peakMemoryBytes);
  }

  /** 0 if no row of the group has a value. */
  private static long whole(Row group, String name) {
    int column = group.fieldIndex(name);
    return group.isNullAt(column) ? 0 : group.getLong(column);
  }

  private static double held(Row group) {
    int column = group.fieldIndex("held");
    return group.isNullAt(column) ? 0 : group.getDouble(column);
  }

  /** Lists the devices of executors, given as (host, executor id, device). */
  private static List<String> devices(List<Row> executors) {
    Map<String, String> inOrder = new TreeMap<>();
    executors.forEach(
        executor ->
            inOrder.put(
                executor.getString(0) + "/" + executor.getString(1), executor.getString(2)));
    return List.copyOf(inOrder.values());
  }
}
