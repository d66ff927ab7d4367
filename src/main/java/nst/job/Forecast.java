package nst.job;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.job.cost.Amortization;
import nst.job.cost.BatchSchedule;
import nst.job.cost.CostModel;
import nst.job.cost.CostTable;
import nst.job.executor.Session;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.job.plan.ExistingImages;
import nst.job.plan.GroupBill;
import nst.job.plan.Planner;
import nst.job.source.ManifestSource;
import nst.job.table.RowTable;
import nst.job.table.Tables;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The predicted work and cost of a run.
 *
 * @param rows the number of rows by plan status, in lower case
 * @param deviceHours the hours for all rows to compute, on one device
 * @param cost device hours times the price of one
 * @param devices the number of devices that share the work
 * @param makespanHours the predicted duration of the run: until the last device is done, with the
 *     most expensive batches first, plus the time of the driver before and after
 * @param refused the number of rows that would fail, by error code
 * @param costs the basis of the predicted hours
 * @param bills the costs of each group of rows that can use a style network, with and without one
 * @param schedule the batches, for other numbers of devices
 */
public record Forecast(
    Map<String, Long> rows,
    double deviceHours,
    double cost,
    int devices,
    double makespanHours,
    Map<String, Long> refused,
    Costs costs,
    List<GroupBill> bills,
    BatchSchedule schedule) {

  /**
   * The basis of predicted seconds.
   *
   * @param folder the folder with the cost records of earlier runs
   * @param runs the number of runs with a record
   * @param measuredRows the number of their rows on this kind of device
   * @param shares the share of the predicted seconds for each basis, in lower case: {@code
   *     measured} rows of the same kind and size, {@code scaled} from other sizes, {@code borrowed}
   *     from another optimiser, {@code built_in} constants that do not depend on the device
   */
  public record Costs(String folder, int runs, long measuredRows, Map<String, Double> shares) {}

  /**
   * Plans a manifest without writing or computing anything.
   *
   * @param source where the rows come from
   * @param output absolute URI
   * @throws nst.model.InvalidInputException with all errors of the manifest's columns
   */
  public static Forecast of(
      Session session, ManifestSource source, String output, RunConfig config) {
    String manifest = source.uri();
    session.requireStorage("MANIFEST", manifest);
    session.requireStorage("--output", output);
    source.requireOutside(output);
    SparkSession spark = session.spark();
    ObjectStore store = session.store();
    OutputLayout layout = new OutputLayout(output, "1970-01-01", "forecast");
    var hadoop = spark.sparkContext().hadoopConfiguration();
    Networks networks = Networks.of(config, store, ExecutionMode.of(spark.sparkContext().master()));
    ManifestTable table = ManifestTable.open(spark, source, config, networks);
    CostTable costs = CostTable.read(store, CostTable.folder(config, layout));
    CostModel model = costs.model(config.device());
    int devices = Session.devices(spark, config);
    ExistingImages done =
        new ExistingImages(
            spark,
            layout,
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(hadoop)));
    Planner planner = new Planner(spark, config, layout, model);
    List<GroupBill> bills =
        ManifestFault.named(manifest, () -> planner.bills(table, networks, done));
    boolean amortizes = config.amortize() == Setting.Amortize.AUTO;
    Map<String, String> amortized = amortizes ? amortized(bills) : Map.of();
    List<Row> groups =
        ManifestFault.named(
            manifest, () -> groups(planner.outline(table, networks, amortized, devices, done)));
    Map<String, Long> rows = new TreeMap<>(Map.of("total", 0L));
    Map<String, Long> refused = new TreeMap<>();
    Map<Long, Double> batches = new TreeMap<>();
    Map<String, Double> bases = new TreeMap<>();
    for (Row group : groups) {
      String status = group.getString(0);
      rows.merge(status.toLowerCase(Locale.ROOT), group.getLong(4), Long::sum);
      rows.merge("total", group.getLong(4), Long::sum);
      if (status.equals(Status.FAILED.name())) {
        refused.merge(group.getString(1), group.getLong(4), Long::sum);
      }
      if (status.equals(Tables.PLANNED)) {
        batches.merge(group.getLong(2), group.getDouble(5), Double::sum);
        bases.merge(group.getString(3).toLowerCase(Locale.ROOT), group.getDouble(5), Double::sum);
      }
    }
    double rowSeconds = batches.values().stream().mapToDouble(Double::doubleValue).sum();
    bases.replaceAll((basis, share) -> share / rowSeconds);
    double training = amortizes ? trainingSeconds(bills) : 0;
    double seconds = rowSeconds + training;
    BatchSchedule schedule =
        new BatchSchedule(List.copyOf(batches.values()), training + costs.driverSeconds());
    return new Forecast(
        rows,
        seconds / 3600,
        seconds / 3600 * config.real(Setting.PRICE_PER_HOUR),
        devices,
        schedule.makespan(devices) / 3600,
        refused,
        new Costs(costs.folder(), costs.records().size(), model.measuredRows(), bases),
        bills,
        schedule);
  }

  /** The network of each group that would use one. Those that are not trained yet have no URI. */
  private static Map<String, String> amortized(List<GroupBill> bills) {
    Map<String, String> networks = new TreeMap<>();
    for (GroupBill bill : bills) {
      switch (bill.costs().choice()) {
        case OPTIMIZE -> {}
        case TRAIN -> networks.put(bill.id(), "file:/to-be-trained/" + bill.id());
        case APPLY -> networks.put(bill.id(), bill.network().orElseThrow());
      }
    }
    return networks;
  }

  private static double trainingSeconds(List<GroupBill> bills) {
    return bills.stream()
        .map(GroupBill::costs)
        .filter(costs -> costs.choice() == Amortization.Choice.TRAIN)
        .mapToDouble(Amortization::trainSeconds)
        .sum();
  }

  /**
   * Groups of rows: status, error code, batch, basis of the prediction, number of rows, predicted
   * seconds. There may be several groups with equal values.
   */
  private static List<Row> groups(RowTable outline) {
    if (!outline.isHeld()) {
      return outline
          .dataset()
          .groupBy("status", "error_code", "batch", "predicted_from")
          .agg(count(lit(1)), sum("predicted_seconds"))
          .collectAsList();
    }
    int[] columns =
        Stream.of("status", "error_code", "batch", "predicted_from", "predicted_seconds")
            .mapToInt(outline.schema()::fieldIndex)
            .toArray();
    return outline.rows().stream()
        .map(
            row ->
                RowFactory.create(
                    row.get(columns[0]),
                    row.get(columns[1]),
                    row.get(columns[2]),
                    row.get(columns[3]),
                    1L,
                    row.get(columns[4])))
        .toList();
  }
}
