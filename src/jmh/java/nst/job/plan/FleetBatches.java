package nst.job.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import nst.model.RunConfig;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Cuts rows into batches as the planner does, with its classes but without Spark. */
public final class FleetBatches {
  /** Spark's default of {@code spark.sql.shuffle.partitions}. */
  private static final long PARTITIONS = 200;

  private FleetBatches() {}

  /**
   * Returns the predicted seconds of the rows of each batch.
   *
   * @param rows the predicted seconds of all rows, in the order of the plan
   * @param devices the number of devices for which the plan is made
   */
  public static List<double[]> of(double[] rows, int devices, RunConfig config) {
    double length = Planner.batchSeconds(config, Arrays.stream(rows).sum(), devices);
    long partitions = Planner.partitions(PARTITIONS, rows.length);
    List<double[]> batches = new ArrayList<>();
    for (long partition = 0; partition < partitions; partition++) {
      int from = (int) (rows.length * partition / partitions);
      int to = (int) (rows.length * (partition + 1) / partitions);
      Iterator<Row> part =
          Arrays.stream(rows, from, to)
              .mapToObj(seconds -> RowFactory.create(seconds, null))
              .iterator();
      cut(rows, from, new BatchCutter((int) partition, part, length, 0, 1), batches);
    }
    return batches;
  }

  private static void cut(double[] rows, int from, BatchCutter cutter, List<double[]> batches) {
    int begin = from;
    int end = from;
    long batch = 0;
    while (cutter.hasNext()) {
      long next = cutter.next().getLong(1);
      if (end > begin && next != batch) {
        batches.add(Arrays.copyOfRange(rows, begin, end));
        begin = end;
      }
      batch = next;
      end++;
    }
    if (end > begin) {
      batches.add(Arrays.copyOfRange(rows, begin, end));
    }
  }
}
