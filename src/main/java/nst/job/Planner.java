package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.Iterator;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes the plan: every manifest row with its key, its fate if that is known already, what it will
 * cost and the batch that it goes with. A Spark job from end to end; the driver holds no rows.
 */
final class Planner {
  /** A row that waits to be computed. The other plan statuses are those of {@link Status}. */
  static final String PLANNED = "PLANNED";

  /** Batches a device gets, at least: what the last ones leave idle stays under three per cent. */
  private static final int BATCHES_PER_DEVICE = 32;

  /** More tasks than this cost the driver more than they balance. */
  private static final int MAX_BATCHES = 50_000;

  private final SparkSession spark;
  private final RunConfig config;
  private final OutputLayout layout;
  private final CostModel costs;

  Planner(SparkSession spark, RunConfig config, OutputLayout layout, CostModel costs) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
  }

  /**
   * The plan of a manifest.
   *
   * @param devices how many devices will share the work
   * @param images which are there already
   */
  Dataset<Row> plan(ManifestTable manifest, String weightsDigest, int devices, DoneImages images) {
    Dataset<Row> requests = checked(manifest, weightsDigest).persist();
    Dataset<Row> done = images.among(requests, requests.count());
    Dataset<Row> settled = withoutDone(requests, done);
    return batched(settled.persist(), devices);
  }

  /**
   * Each row with its request and key, or with what is wrong with it, as far as the manifest alone
   * tells.
   */
  Dataset<Row> checked(ManifestTable manifest, String weightsDigest) {
    return withoutDuplicates(
        withoutClashingIds(requests(manifest.rows(), manifest.rules(), weightsDigest)));
  }

  /** Each row by itself. */
  private Dataset<Row> requests(Dataset<Row> rows, Manifest manifest, String weightsDigest) {
    StructType schema = planSchema(rows.schema());
    RowPlan rowPlan =
        new RowPlan(manifest, config, layout, costs, weightsDigest, userColumns(rows.schema()));
    JavaRDD<Row> planned =
        rows.javaRDD().zipWithIndex().map(numbered -> rowPlan.of(numbered._1(), numbered._2()));
    return spark.createDataFrame(planned, schema);
  }

  static StructType planSchema(StructType manifest) {
    StructType schema = Tables.PLAN;
    for (String column : userColumns(manifest)) {
      schema = schema.add(column, manifest.apply(column).dataType(), true);
    }
    return schema;
  }

  /** The columns that are the user's own: carried to the metrics untouched. */
  static String[] userColumns(StructType manifest) {
    return java.util.Arrays.stream(manifest.fields())
        .map(StructField::name)
        .filter(name -> !Manifest.columns().contains(name))
        .toArray(String[]::new);
  }

  /** The first row of an id has it; others that ask for something else under it fail. */
  private static Dataset<Row> withoutClashingIds(Dataset<Row> requests) {
    WindowSpec sameId = Window.partitionBy("id").orderBy(firstPlanned(), col("row"));
    Dataset<Row> withOwner =
        requests
            .withColumn("owner_key", first(col("key")).over(sameId))
            .withColumn("owner_row", first(col("row")).over(sameId));
    Column clash = isPlanned().and(col("key").notEqual(col("owner_key")));
    return withOwner
        .withColumn(
            "error_code",
            when(clash, lit(ErrorCode.DUPLICATE_ID.name())).otherwise(col("error_code")))
        .withColumn(
            "error_message",
            when(
                    clash,
                    concat(
                        lit("Invalid id in row id="),
                        col("id"),
                        lit(": expected an id that no row before has, row "),
                        col("owner_row").cast(DataTypes.StringType),
                        lit(" has it and asks for something else")))
                .otherwise(col("error_message")))
        .withColumn("status", when(clash, lit(Status.FAILED.name())).otherwise(col("status")))
        .drop("owner_key", "owner_row");
  }

  /** The first row of a key is computed; the others refer to it. */
  private static Dataset<Row> withoutDuplicates(Dataset<Row> requests) {
    WindowSpec sameKey = Window.partitionBy("key").orderBy(firstPlanned(), col("row"));
    return requests
        .withColumn("copy", row_number().over(sameKey))
        .withColumn(
            "status",
            when(isPlanned().and(col("copy").gt(1)), lit(Status.DUPLICATE.name()))
                .otherwise(col("status")))
        .drop("copy");
  }

  private static Dataset<Row> withoutDone(Dataset<Row> requests, Dataset<Row> done) {
    return requests
        .join(done.select(col("key").as("done_key")), col("key").equalTo(col("done_key")), "left")
        .withColumn(
            "status",
            when(isPlanned().and(col("done_key").isNotNull()), lit(Status.SKIPPED.name()))
                .otherwise(col("status")))
        .drop("done_key");
  }

  /**
   * Rows that share their styles and size lie together, so that style targets are computed once; a
   * batch ends when it is long enough.
   */
  private Dataset<Row> batched(Dataset<Row> settled, int devices) {
    Dataset<Row> planned = settled.where(isPlanned());
    Row total = planned.agg(sum("predicted_seconds")).head();
    double seconds = total.isNullAt(0) ? 0 : total.getDouble(0);
    double length = batchSeconds(seconds, devices);
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
    return spark
        .createDataFrame(cut, settled.schema())
        .unionByName(settled.where(not(isPlanned())));
  }

  /**
   * How long a batch should be: as configured, but short enough to go round, and not so short that
   * tasks are countless.
   */
  double batchSeconds(double totalSeconds, int devices) {
    double fair = totalSeconds / ((double) devices * BATCHES_PER_DEVICE);
    double wanted = Math.min((double) config.whole(Setting.BATCH_SECONDS), fair);
    return Math.max(wanted, totalSeconds / MAX_BATCHES);
  }

  static Column isPlanned() {
    return col("status").equalTo(PLANNED);
  }

  private static Column firstPlanned() {
    return isPlanned().desc();
  }

  /** Numbers the batches of one partition: partition * 2^32 + count. */
  private static final class BatchCutter implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final double length;
    private final int costColumn;
    private final int batchColumn;
    private long batch;
    private double filled;

    BatchCutter(int partition, Iterator<Row> rows, double length, int costColumn, int batchColumn) {
      this.rows = rows;
      this.length = length;
      this.costColumn = costColumn;
      this.batchColumn = batchColumn;
      this.batch = (long) partition << 32;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Row next() {
      Row row = rows.next();
      double cost = row.getDouble(costColumn);
      if (filled > 0 && filled + cost > length) {
        batch++;
        filled = 0;
      }
      filled += cost;
      Object[] values = new Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i == batchColumn ? (Object) batch : row.get(i);
      }
      return RowFactory.create(values);
    }
  }

  /** One manifest row to one plan row. */
  private static final class RowPlan implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private final Manifest manifest;
    private final RunConfig config;
    private final OutputLayout layout;
    private final CostModel costs;
    private final String weightsDigest;
    private final String[] userColumns;

    RowPlan(
        Manifest manifest,
        RunConfig config,
        OutputLayout layout,
        CostModel costs,
        String weightsDigest,
        String[] userColumns) {
      this.manifest = manifest;
      this.config = config;
      this.layout = layout;
      this.costs = costs;
      this.weightsDigest = weightsDigest;
      this.userColumns = userColumns;
    }

    Row of(Row row, long number) {
      Object[] own = ownColumns(row, number);
      Object[] values = java.util.Arrays.copyOf(own, own.length + userColumns.length);
      for (int i = 0; i < userColumns.length; i++) {
        values[own.length + i] = row.getAs(userColumns[i]);
      }
      return RowFactory.create(values);
    }

    private Object[] ownColumns(Row row, long number) {
      try {
        TransferRequest request = manifest.request(row, number);
        String key = request.key(weightsDigest);
        return new Object[] {
          number,
          request.id(),
          key,
          PLANNED,
          null,
          null,
          RequestJson.write(request, config.defaults()),
          layout.image(key, request.hyperparameters().outputFormat()),
          styleGroup(request),
          costs.seconds(request.hyperparameters()),
          null
        };
      } catch (TransferException e) {
        String id = manifest.id(row, number);
        String shown =
            id.length() > Manifest.MAX_ID_LENGTH ? id.substring(0, Manifest.MAX_ID_LENGTH) : id;
        return new Object[] {
          number,
          shown,
          null,
          Status.FAILED.name(),
          e.code().name(),
          e.getMessage(),
          null,
          null,
          null,
          0.0,
          null
        };
      }
    }

    /** Rows with the same text share style targets. */
    private static String styleGroup(TransferRequest request) {
      StringBuilder text = new StringBuilder();
      request.styles().forEach(style -> text.append(style).append('\n'));
      for (Knob knob :
          new Knob[] {
            Knob.IMAGE_SIZE,
            Knob.SIZE_RULE,
            Knob.STYLE_SCALE,
            Knob.GRAM,
            Knob.POOLING,
            Knob.STYLE_LAYERS
          }) {
        text.append(request.hyperparameters().text(knob)).append('\n');
      }
      return TransferRequest.sha256(
              text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
          .substring(0, 16);
    }
  }
}
