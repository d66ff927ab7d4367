package nst.job.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nst.job.cost.CostModel;
import nst.job.cost.RowCosts;
import nst.job.executor.MemoryLimit;
import nst.job.manifest.ManifestColumns;
import nst.job.manifest.ManifestRows;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.table.Columns;
import nst.job.table.RowTable;
import nst.job.table.Tables;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Creates the plan: every manifest row with its key, its status, its predicted cost and its batch.
 * A large plan is computed entirely by Spark, and the driver holds no rows of it; a small one is
 * made in the driver ({@link RowTable}, {@link SmallPlan}).
 */
public final class Planner {
  /**
   * The minimum number of batches per device. It keeps the idle time at the end below three per
   * cent.
   */
  private static final int BATCHES_PER_DEVICE = 32;

  /**
   * The maximum number of batches. With more, the overhead in the driver exceeds the gain in
   * balance.
   */
  private static final int MAX_BATCHES = 50_000;

  /**
   * The columns that are used to determine a row's status. Shuffles carry only these, and not the
   * requests.
   */
  private static final String[] OUTLINE = {
    "row",
    "id",
    "key",
    "status",
    "error_code",
    "error_message",
    "style_group",
    "predicted_seconds",
    "predicted_from",
    "batch"
  };

  /** The columns that depend on other rows or on existing images. */
  private static final String[] FATE = {"row", "status", "error_code", "error_message", "batch"};

  private static final long ROWS_PER_PARTITION = 100_000;

  /** The rows of a large catalogue do not fit into the heap. */
  private static final StorageLevel ON_DISK = StorageLevel.DISK_ONLY();

  private final SparkSession spark;
  private final RunConfig config;
  private final OutputLayout layout;
  private final CostModel costs;
  private final MemoryLimit memory;

  public Planner(SparkSession spark, RunConfig config, OutputLayout layout, CostModel costs) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
    this.memory = MemoryLimit.of(spark, config);
  }

  /**
   * The costs of both ways to make each group of rows that can use a style network, the largest
   * group first.
   *
   * @param images the existing images
   */
  public List<GroupBill> bills(ManifestTable manifest, Networks networks, ExistingImages images) {
    return new BillSearch(spark, config, layout, new RowCosts(costs, memory), images)
        .of(manifest, networks);
  }

  /**
   * Creates the plan of a manifest.
   *
   * @param amortized the network of each group of {@link #bills} that uses one, by the group's id
   * @param devices the number of devices that will share the work
   * @param images the existing images
   */
  public RowTable plan(
      ManifestTable manifest,
      Networks networks,
      Map<String, String> amortized,
      int devices,
      ExistingImages images) {
    RowPlan rowPlan = rowPlan(manifest, networks, amortized, choice(manifest, networks));
    StructType columns = planSchema(manifest.schema());
    return manifest
        .rows()
        .mapFew(rowPlan)
        .map(requests -> RowTable.held(spark, small(requests, devices, images), columns))
        .orElseGet(() -> RowTable.distributed(plan(manifest, rowPlan, devices, images)));
  }

  private Dataset<Row> plan(
      ManifestTable manifest, RowPlan rowPlan, int devices, ExistingImages images) {
    Dataset<Row> requests = requests(manifest, rowPlan).persist(ON_DISK);
    Dataset<Row> fates = fates(manifest.rows(), requests, devices, images);
    String[] columns = requests.columns();
    return requests
        .drop(Arrays.stream(FATE).filter(column -> !column.equals("row")).toArray(String[]::new))
        .join(fates.select(Columns.named(FATE)), "row")
        .select(Columns.named(columns));
  }

  private List<Row> small(List<Row> requests, int devices, ExistingImages images) {
    SmallPlan plan = SmallPlan.checked(requests);
    plan.skip(images.among(plan.pending()));
    plan.cut(batchSeconds(config, plan.plannedSeconds(), devices));
    return plan.rows();
  }

  /**
   * The plan as needed for a forecast: if it is large, without the requests and the user's columns.
   * The networks need not exist.
   */
  public RowTable outline(
      ManifestTable manifest,
      Networks networks,
      Map<String, String> amortized,
      int devices,
      ExistingImages images) {
    ManifestRows rows = manifest.rows();
    RowPlan rowPlan = rowPlan(manifest, networks, amortized, choice(manifest, networks));
    Optional<List<Row>> few = rows.mapFew(rowPlan);
    if (few.isPresent()) {
      return RowTable.held(spark, small(few.get(), devices, images), planSchema(manifest.schema()));
    }
    Dataset<Row> requests = requests(manifest, rowPlan);
    boolean asksTwice = rows.count() <= ExistingImages.PROBE_LIMIT;
    return RowTable.distributed(
        fates(rows, asksTwice ? requests.persist(ON_DISK) : requests, devices, images));
  }

  /**
   * The plan of each row with the faults that can be found from the manifest alone; if it is large,
   * without the requests and the user's columns. Rows may have {@code init=network} and no network,
   * because only an output has networks.
   */
  public RowTable checked(ManifestTable manifest, Networks networks) {
    RowPlan rowPlan = rowPlan(manifest, networks, Map.of(), RowPlan.Choice.LATER);
    StructType columns = planSchema(manifest.schema());
    return manifest
        .rows()
        .mapFew(rowPlan)
        .map(requests -> RowTable.held(spark, SmallPlan.checked(requests).rows(), columns))
        .orElseGet(() -> RowTable.distributed(checked(requests(manifest, rowPlan))));
  }

  private Dataset<Row> fates(
      ManifestRows rows, Dataset<Row> requests, int devices, ExistingImages images) {
    Dataset<Row> done = images.among(requests.where(RowStatus.isPlanned()), rows.count());
    return batched(RowStatus.withoutDone(checked(requests), done).persist(ON_DISK), devices);
  }

  private static Dataset<Row> checked(Dataset<Row> requests) {
    return RowStatus.withoutDuplicates(
        RowStatus.withoutClashingIds(requests.select(Columns.named(OUTLINE))));
  }

  private RowPlan.Choice choice(ManifestTable manifest, Networks networks) {
    return new NetworkSearch(spark, config).in(layout.output(), manifest, networks);
  }

  private RowPlan rowPlan(
      ManifestTable manifest,
      Networks networks,
      Map<String, String> amortized,
      RowPlan.Choice choice) {
    return new RowPlan(
        manifest.rules(),
        config,
        layout,
        new RowCosts(costs, memory),
        networks,
        RowGroups.of(networks, config).using(amortized),
        choice,
        userColumns(manifest.schema()));
  }

  /** Plans each row independently of the others. */
  private Dataset<Row> requests(ManifestTable manifest, RowPlan rowPlan) {
    ManifestRows rows = manifest.rows();
    return sized(rows.count()).createDataFrame(rows.map(rowPlan), planSchema(manifest.schema()));
  }

  /**
   * A session with shuffle partitions for this many rows, independent of the application's setting.
   */
  private SparkSession sized(long rows) {
    SparkSession sized = spark.newSession();
    long configured = Long.parseLong(spark.conf().get("spark.sql.shuffle.partitions"));
    sized.conf().set("spark.sql.shuffle.partitions", partitions(configured, rows));
    sized.conf().set("spark.sql.adaptive.advisoryPartitionSizeInBytes", "16m");
    // Keys and requests are nearly all distinct, so compression would find no repetitions.
    sized.conf().set("spark.sql.inMemoryColumnarStorage.compressed", false);
    return sized;
  }

  /** The number of shuffle partitions for this many rows. */
  static long partitions(long configured, long rows) {
    return Math.max(configured, rows / ROWS_PER_PARTITION);
  }

  public static StructType planSchema(StructType manifest) {
    StructType schema = Tables.PLAN;
    for (int place : userColumns(manifest)) {
      StructField column = manifest.fields()[place];
      schema = schema.add(column.name(), column.dataType(), true);
    }
    return schema;
  }

  /** Indices of the user's own columns, which are copied to the metrics. */
  private static int[] userColumns(StructType manifest) {
    return IntStream.range(0, manifest.size())
        .filter(place -> !ManifestColumns.columns().contains(manifest.fields()[place].name()))
        .toArray();
  }

  /**
   * Groups rows with the same styles and size, so that style targets are computed once, and ends a
   * batch when it is long enough.
   */
  private Dataset<Row> batched(Dataset<Row> settled, int devices) {
    Dataset<Row> planned = settled.where(RowStatus.isPlanned());
    Row total = planned.agg(sum("predicted_seconds")).head();
    double seconds = total.isNullAt(0) ? 0 : total.getDouble(0);
    double length = batchSeconds(config, seconds, devices);
    int column = planned.schema().fieldIndex("predicted_seconds");
    int batchColumn = planned.schema().fieldIndex("batch");
    JavaRDD<Row> cut =
        planned
            .repartitionByRange(col("style_group"), col("predicted_seconds"), col("row"))
            .sortWithinPartitions(col("style_group"), col("predicted_seconds").desc(), col("row"))
            .javaRDD()
            .mapPartitionsWithIndex(
                (partition, rows) -> new BatchCutter(partition, rows, length, column, batchColumn),
                true);
    return settled
        .sparkSession()
        .createDataFrame(cut, settled.schema())
        .unionByName(settled.where(not(RowStatus.isPlanned())));
  }

  /**
   * The target length of a batch in seconds: the configured length, but short enough for all
   * devices to get batches, and long enough to limit the number of tasks.
   */
  static double batchSeconds(RunConfig config, double totalSeconds, int devices) {
    double fair = totalSeconds / ((double) devices * BATCHES_PER_DEVICE);
    double wanted = Math.min((double) config.whole(Setting.BATCH_SECONDS), fair);
    return Math.max(wanted, totalSeconds / MAX_BATCHES);
  }
}
