package nst.job.plan;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingDouble;
import static java.util.stream.Collectors.toList;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nst.job.cost.Amortization;
import nst.job.cost.RowCosts;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.table.RowTable;
import nst.model.RunConfig;
import nst.model.TransferRequest;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Computes the bills of the groups of a manifest: in the driver if it is small, or in Spark jobs.
 */
final class BillSearch {
  /** Only so many groups are considered, those with the most rows. */
  private static final int MOST_GROUPS = 1000;

  private static final int GROUP = GroupedRow.COLUMNS.fieldIndex("group");
  private static final int CONTENT = GroupedRow.COLUMNS.fieldIndex("content");
  private static final int KEY = GroupedRow.COLUMNS.fieldIndex("key");
  private static final int URI = GroupedRow.COLUMNS.fieldIndex("output_uri");
  private static final int OPTIMIZE = GroupedRow.COLUMNS.fieldIndex("optimize");
  private static final int APPLY = GroupedRow.COLUMNS.fieldIndex("apply");
  private static final int REQUEST = GroupedRow.COLUMNS.fieldIndex("request");

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

  /**
   * The sums of a group.
   *
   * @param rows the number of different pictures
   * @param photos the number of different photos
   * @param optimize the seconds of the pictures that do not exist
   * @param apply the seconds of all pictures with a network
   * @param request the request of its first row
   */
  private record Total(
      String group, long rows, long photos, double optimize, double apply, String request) {}

  /** The bills, the largest group first. */
  List<GroupBill> of(ManifestTable manifest, Networks features) {
    RowGroups groups = RowGroups.of(features, config);
    if (!groups.exist()) {
      return List.of();
    }
    RowTable rows = rows(manifest, features, groups, Map.of());
    List<Total> totals =
        rows.isHeld() ? totals(rows.rows()) : totals(rows.dataset(), manifest.rows().count());
    Map<String, TransferRequest> firsts = new HashMap<>();
    for (Total total : totals) {
      firsts.put(total.group(), RequestJson.read(total.request(), config.defaults()));
    }
    Map<String, String> existing =
        new NetworkSearch(spark, config).networks(layout.output(), firsts, manifest, features);
    Map<String, Double> applied =
        existing.isEmpty() ? Map.of() : pendingWithNetworks(manifest, features, groups, existing);
    List<GroupBill> bills = new ArrayList<>();
    for (Total total : totals) {
      bills.add(bill(total, firsts.get(total.group()), existing, applied));
    }
    return bills;
  }

  private GroupBill bill(
      Total total,
      TransferRequest first,
      Map<String, String> existing,
      Map<String, Double> applied) {
    String id = total.group();
    Optional<String> network = Optional.ofNullable(existing.get(id));
    return new GroupBill(
        id,
        first,
        new Amortization(
            total.rows(),
            total.photos(),
            network.isPresent() ? Amortization.Network.EXISTS : Amortization.Network.NONE,
            total.optimize(),
            costs.trainingSeconds(first, Amortization.schedule(first.hyperparameters())),
            network.isPresent() ? applied.getOrDefault(id, 0.0) : total.apply()),
        network);
  }

  private List<Total> totals(List<Row> rows) {
    Collection<Row> distinct = distinct(rows);
    Set<String> done = done(distinct);
    List<Total> totals = new ArrayList<>();
    byGroup(distinct)
        .forEach(
            (group, members) ->
                totals.add(
                    new Total(
                        group,
                        members.size(),
                        members.stream().map(row -> row.getString(CONTENT)).distinct().count(),
                        members.stream()
                            .filter(row -> !done.contains(row.getString(KEY)))
                            .mapToDouble(row -> row.getDouble(OPTIMIZE))
                            .sum(),
                        members.stream().mapToDouble(row -> row.getDouble(APPLY)).sum(),
                        members.get(0).getString(REQUEST))));
    return totals.stream()
        .sorted(comparingLong(Total::rows).reversed().thenComparing(Total::group))
        .limit(MOST_GROUPS)
        .toList();
  }

  /** The first row of each key, in the order of the manifest. */
  private static Collection<Row> distinct(List<Row> rows) {
    Map<String, Row> byKey = new LinkedHashMap<>();
    rows.forEach(row -> byKey.putIfAbsent(row.getString(KEY), row));
    return byKey.values();
  }

  private Set<String> done(Collection<Row> rows) {
    Map<String, String> uris = new HashMap<>();
    rows.forEach(row -> uris.put(row.getString(KEY), row.getString(URI)));
    return images.among(uris);
  }

  private static Map<String, List<Row>> byGroup(Collection<Row> rows) {
    return rows.stream().collect(groupingBy(row -> row.getString(GROUP), TreeMap::new, toList()));
  }

  private List<Total> totals(Dataset<Row> rows, long most) {
    Column pending = when(col("done").isNull(), col("optimize")).otherwise(lit(0.0));
    Dataset<Row> kept = rows.persist(StorageLevel.DISK_ONLY());
    try {
      return withDone(kept, most)
          .groupBy("group")
          .agg(
              count(lit(1)).as("rows"),
              countDistinct("content").as("photos"),
              sum(pending).as("optimize"),
              sum("apply").as("apply"),
              min_by(col("request"), col("row")).as("request"))
          .orderBy(col("rows").desc(), col("group"))
          .limit(MOST_GROUPS)
          .collectAsList()
          .stream()
          .map(
              row ->
                  new Total(
                      row.getString(0),
                      row.getLong(1),
                      row.getLong(2),
                      row.getDouble(3),
                      row.getDouble(4),
                      row.getString(5)))
          .toList();
    } finally {
      kept.unpersist();
    }
  }

  /** The seconds of the rows whose picture with the group's network does not exist, by group. */
  private Map<String, Double> pendingWithNetworks(
      ManifestTable manifest, Networks features, RowGroups groups, Map<String, String> existing) {
    RowTable rows = rows(manifest, features, groups, existing);
    return rows.isHeld()
        ? pendingSeconds(rows.rows())
        : pendingSeconds(rows.dataset(), manifest.rows().count());
  }

  private Map<String, Double> pendingSeconds(List<Row> rows) {
    Collection<Row> distinct = distinct(rows);
    Set<String> done = done(distinct);
    return distinct.stream()
        .filter(row -> !done.contains(row.getString(KEY)))
        .collect(
            groupingBy(row -> row.getString(GROUP), summingDouble(row -> row.getDouble(APPLY))));
  }

  private Map<String, Double> pendingSeconds(Dataset<Row> rows, long most) {
    Dataset<Row> kept = rows.persist(StorageLevel.DISK_ONLY());
    Map<String, Double> seconds = new HashMap<>();
    try {
      withDone(kept, most)
          .where(col("done").isNull())
          .groupBy("group")
          .agg(sum("apply"))
          .collectAsList()
          .forEach(row -> seconds.put(row.getString(0), row.getDouble(1)));
    } finally {
      kept.unpersist();
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
  private RowTable rows(
      ManifestTable manifest, Networks features, RowGroups groups, Map<String, String> networks) {
    GroupedRow rows =
        new GroupedRow(manifest.rules(), config, layout, costs, features, groups, networks);
    Optional<List<Row>> few = manifest.rows().mapFew(rows);
    if (few.isPresent()) {
      return RowTable.held(
          spark,
          few.get().stream().filter(row -> !row.isNullAt(GROUP)).toList(),
          GroupedRow.COLUMNS);
    }
    return RowTable.distributed(
        spark
            .createDataFrame(manifest.rows().map(rows), GroupedRow.COLUMNS)
            .where(col("group").isNotNull()));
  }
}
