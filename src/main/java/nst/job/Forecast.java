package nst.job;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a run would do and cost.
 *
 * @param rows plan status, in lower case, to rows
 * @param deviceHours of all rows to compute, on one device
 * @param cost device hours times the price of one
 * @param devices that share the work
 * @param makespanHours until the last device is done, batches handed out dearest first
 * @param refused rows that would fail: error code to rows
 */
public record Forecast(
    Map<String, Long> rows,
    double deviceHours,
    double cost,
    int devices,
    double makespanHours,
    Map<String, Long> refused) {

  /**
   * Plans a manifest without writing or computing anything.
   *
   * @param manifest absolute URI
   * @param output absolute URI
   * @throws nst.model.InvalidInputException with everything that is wrong with the manifest's
   *     columns
   */
  public static Forecast of(Session session, String manifest, String output, RunConfig config) {
    SparkSession spark = session.spark();
    ManifestTable table = ManifestTable.open(spark, manifest, config);
    OutputLayout layout = new OutputLayout(output, "1970-01-01", "forecast");
    var hadoop = spark.sparkContext().hadoopConfiguration();
    Weights weights = Weights.of(config, session.store(), StyleTransferJob.locality(spark));
    int devices = StyleTransferJob.devices(spark, config);
    Dataset<Row> outline =
        new Planner(spark, config, layout, CostModel.UNCALIBRATED)
            .outline(
                table,
                weights.digest(),
                devices,
                new DoneImages(
                    spark,
                    layout,
                    JavaSparkContext.fromSparkContext(spark.sparkContext())
                        .broadcast(new SerializableConfiguration(hadoop))));
    Map<String, Long> rows = new TreeMap<>(Map.of("total", 0L));
    Map<String, Long> refused = new TreeMap<>();
    List<Double> batches = new ArrayList<>();
    for (Row group :
        outline
            .groupBy("status", "error_code", "batch")
            .agg(count(lit(1)), sum("predicted_seconds"))
            .collectAsList()) {
      String status = group.getString(0);
      rows.merge(status.toLowerCase(Locale.ROOT), group.getLong(3), Long::sum);
      rows.merge("total", group.getLong(3), Long::sum);
      if (status.equals(Status.FAILED.name())) {
        refused.merge(group.getString(1), group.getLong(3), Long::sum);
      }
      if (status.equals(Planner.PLANNED)) {
        batches.add(group.getDouble(4));
      }
    }
    double hours = batches.stream().mapToDouble(Double::doubleValue).sum() / 3600;
    return new Forecast(
        rows,
        hours,
        hours * config.real(Setting.PRICE_PER_HOUR),
        devices,
        makespan(batches, devices) / 3600,
        refused);
  }

  /**
   * When the last of some devices is done that take batches, dearest first, as they become free.
   */
  static double makespan(List<Double> batchSeconds, int devices) {
    PriorityQueue<Double> freeAt = new PriorityQueue<>();
    for (int device = 0; device < devices; device++) {
      freeAt.add(0.0);
    }
    double last = 0;
    for (double seconds :
        batchSeconds.stream().sorted(java.util.Comparator.reverseOrder()).toList()) {
      double done = freeAt.remove() + seconds;
      freeAt.add(done);
      last = Math.max(last, done);
    }
    return last;
  }
}
