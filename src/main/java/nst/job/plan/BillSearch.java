package nst.job.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.cost.Amortization;
import nst.job.cost.RowCosts;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.model.RunConfig;
import nst.model.TransferRequest;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** Computes the bills of the groups of a manifest, in Spark jobs. */
final class BillSearch {
  /** Only so many groups are considered, those with the most rows. */
  private static final int MOST_GROUPS = 1000;

  private final SparkSession spark;
  private final RunConfig config;
  private final OutputLayout layout;
  private final RowCosts costs;
  private final ExistingImages images;

  BillSearch(
      SparkSession spark,
      RunConfig config,
      OutputLayout layout,
      RowCosts costs,
      ExistingImages images) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
    this.images = images;
  }

  /** The bills, the largest group first. */
  List<GroupBill> of(ManifestTable manifest, Networks features) {
    RowGroups groups = RowGroups.of(features, config);
    if (!groups.exist()) {
      return List.of();
    }
    Dataset<Row> rows =
        rows(manifest, features, groups, Map.of()).persist(StorageLevel.DISK_ONLY());
    try {
      List<Row> totals = totals(rows, manifest.rows().count());
      Map<String, TransferRequest> firsts = new HashMap<>();
      for (Row total : totals) {
        firsts.put(total.getString(0), RequestJson.read(total.getAs("request"), config.defaults()));
      }
      Map<String, String> existing =
          new NetworkSearch(spark, config).networks(layout.output(), firsts, manifest, features);
      Map<String, Double> applied =
          existing.isEmpty() ? Map.of() : pendingWithNetworks(manifest, features, groups, existing);
      List<GroupBill> bills = new ArrayList<>();
      for (Row total : totals) {
        bills.add(bill(total, firsts, existing, applied));
      }
      return bills;
    } finally {
      rows.unpersist();
    }
  }

  private GroupBill bill(
      Row total,
      Map<String, TransferRequest> firsts,
      Map<String, String> existing,
      Map<String, Double> applied) {
    String id = total.getString(0);
    TransferRequest first = firsts.get(id);
    Optional<String> network = Optional.ofNullable(existing.get(id));
    return new GroupBill(
        id,
        first,
        new Amortization(
            total.getAs("rows"),
            total.getAs("photos"),
            network.isPresent() ? Amortization.Network.EXISTS : Amortization.Network.NONE,
            total.getAs("optimize"),
            costs.trainingSeconds(first, Amortization.schedule(first.hyperparameters())),
            network.isPresent() ? applied.getOrDefault(id, 0.0) : total.getAs("apply")),
        network);
  }

  private List<Row> totals(Dataset<Row> rows, long most) {
    Column pending = when(col("done").isNull(), col("optimize")).otherwise(lit(0.0));
    return withDone(rows, most)
        .groupBy("group")
        .agg(
            count(lit(1)).as("rows"),
            countDistinct("content").as("photos"),
            sum(pending).as("optimize"),
            sum("apply").as("apply"),
            min_by(col("request"), col("row")).as("request"))
        .orderBy(col("rows").desc(), col("group"))
        .limit(MOST_GROUPS)
        .collectAsList();
  }

  /** The seconds of the rows whose picture with the group's network does not exist, by group. */
  private Map<String, Double> pendingWithNetworks(
      ManifestTable manifest, Networks features, RowGroups groups, Map<String, String> existing) {
    Dataset<Row> rows =
        rows(manifest, features, groups, existing).persist(StorageLevel.DISK_ONLY());
    Map<String, Double> seconds = new HashMap<>();
    try {
      withDone(rows, manifest.rows().count())
          .where(col("done").isNull())
          .groupBy("group")
          .agg(sum("apply"))
          .collectAsList()
          .forEach(row -> seconds.put(row.getString(0), row.getDouble(1)));
    } finally {
      rows.unpersist();
    }
    return seconds;
  }

  /** Each key once, with {@code done} set where its image exists. */
  private Dataset<Row> withDone(Dataset<Row> rows, long most) {
    Dataset<Row> distinct = rows.dropDuplicates("key");
    Dataset<Row> done = images.among(rows, most).select(col("key").as("done")).distinct();
    return distinct.join(done, col("key").equalTo(col("done")), "left");
  }

  /**
   * The rows that have a group.
   *
   * @param networks if not empty, only the rows of these groups, with the keys that they have with
   *     these networks
   */
  private Dataset<Row> rows(
      ManifestTable manifest, Networks features, RowGroups groups, Map<String, String> networks) {
    GroupedRow rows =
        new GroupedRow(manifest.rules(), config, layout, costs, features, groups, networks);
    return spark
        .createDataFrame(manifest.rows().map(rows), GroupedRow.COLUMNS)
        .where(col("group").isNotNull());
  }
}
