package nst.job.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferRequest;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;
import nst.model.text.ShortText;
import nst.record.ReportedRow;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The tables {@code metrics/} and {@code loss/}, created from the plan and the journal when all
 * rows are finished.
 */
public final class MetricsTable {
  private MetricsTable() {}

  /**
   * Joins the plan and the journal to {@code metrics}, with one row for every manifest row.
   *
   * @param defaults the values that the requests in the plan do not contain
   */
  public static Dataset<Row> of(
      SparkSession spark, Dataset<Row> plan, Dataset<Row> journal, Hyperparameters defaults) {
    Dataset<Row> rows = withRequests(spark, plan, defaults);
    Column planned = rows.col("status").equalTo(Tables.PLANNED);
    Column same = planned.and(rows.col("key").equalTo(journal.col("key")));
    Column status = when(planned, journal.col("status")).otherwise(rows.col("status"));
    Column code = coalesce(rows.col("error_code"), journal.col("error_code"));
    Map<String, Column> both =
        Map.of(
            "status",
            status,
            "error_code",
            code,
            "error_message",
            coalesce(rows.col("error_message"), journal.col("error_message")),
            "retryable",
            retryable(status, code));
    List<String> measured = Arrays.asList(Tables.MEASURED.fieldNames());
    List<Column> columns = new ArrayList<>();
    for (String name : Tables.metrics()) {
      Dataset<Row> source = measured.contains(name) ? journal : rows;
      columns.add((both.containsKey(name) ? both.get(name) : source.col(name)).as(name));
    }
    for (String name : plan.columns()) {
      if (!Arrays.asList(Tables.PLAN.fieldNames()).contains(name)) {
        columns.add(rows.col(Columns.quoted(name)).as(name));
      }
    }
    return rows.join(journal, same, "left").select(columns.toArray(new Column[0])).orderBy("row");
  }

  private static Column retryable(Column status, Column code) {
    Object[] codes =
        Arrays.stream(ErrorCode.values()).filter(ErrorCode::isRetryable).map(Enum::name).toArray();
    return when(status.equalTo(Status.FAILED.name()), code.isin(codes)).otherwise(lit(null));
  }

  /** Returns one row for each recorded iteration of every image whose losses are in the journal. */
  public static Dataset<Row> losses(Dataset<Row> journal) {
    return journal.select(col("key"), explode(col("losses")).as("loss")).select("key", "loss.*");
  }

  public static void write(Dataset<Row> metrics, Dataset<Row> losses, OutputLayout layout) {
    metrics.write().mode(SaveMode.Overwrite).parquet(layout.metrics());
    losses.write().mode(SaveMode.Overwrite).parquet(layout.loss());
  }

  /** Adds the values of each request to the plan, as columns. */
  private static Dataset<Row> withRequests(
      SparkSession spark, Dataset<Row> plan, Hyperparameters defaults) {
    StructType schema = plan.schema();
    int requestColumn = schema.fieldIndex("request");
    for (StructField field : Tables.request().fields()) {
      schema = schema.add(field);
    }
    int width = schema.size();
    return spark.createDataFrame(
        plan.javaRDD()
            .map(
                row -> {
                  Object[] values = new Object[width];
                  for (int i = 0; i < row.size(); i++) {
                    values[i] = row.get(i);
                  }
                  if (!row.isNullAt(requestColumn)) {
                    TransferRequest request =
                        RequestJson.read(row.getString(requestColumn), defaults);
                    Object[] spread = spread(request);
                    System.arraycopy(spread, 0, values, row.size(), spread.length);
                  }
                  return RowFactory.create(values);
                }),
        schema);
  }

  private static Object[] spread(TransferRequest request) {
    List<Object> values = new ArrayList<>();
    values.add(request.content());
    values.add(request.contentVersion());
    values.add(
        request.styles().stream()
            .map(s -> RowFactory.create(s.uri(), s.weight(), s.mask(), s.styleMask()))
            .toArray());
    for (Knob knob : Tables.knobs()) {
      Object value = request.hyperparameters().values().get(knob);
      values.add(value instanceof Number ? value : request.hyperparameters().text(knob));
    }
    values.add(request.substitutedLayers());
    return values.toArray();
  }

  /**
   * The rows for the page in the order of the manifest. They are read each time they are iterated
   * over, and one part of the table at a time is in memory.
   *
   * @param defaults the values that the table does not contain, such as the requested precision
   */
  public static Iterable<ReportedRow> rows(Dataset<Row> metrics, Hyperparameters defaults) {
    Set<String> known = Set.copyOf(Tables.metrics());
    List<String> own =
        Arrays.stream(metrics.columns()).filter(name -> !known.contains(name)).toList();
    Dataset<Row> ordered = metrics.orderBy("row");
    return () -> {
      Iterator<Row> rows = ordered.toLocalIterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public ReportedRow next() {
          return reported(rows.next(), own, defaults);
        }
      };
    };
  }

  /** Converts a row of {@code metrics/} for the page. */
  static ReportedRow reported(Row row, List<String> own, Hyperparameters defaults) {
    String code = row.getAs("error_code");
    Map<String, String> columns = new LinkedHashMap<>();
    for (String name : own) {
      Object value = row.getAs(name);
      if (value != null && !(value instanceof byte[])) { // binary values have no text
        columns.put(name, ShortText.quoted(value.toString()));
      }
    }
    return new ReportedRow(
        row.getAs("row"),
        row.getAs("id"),
        Optional.ofNullable(row.<String>getAs("key")),
        Status.valueOf(row.getAs("status")),
        code == null
            ? Optional.empty()
            : Optional.of(new Failure(ErrorCode.valueOf(code), row.getAs("error_message"))),
        request(row, defaults),
        Optional.ofNullable(row.<String>getAs("output_uri")),
        measured(row),
        columns);
  }

  private static Optional<ReportedRow.Measured> measured(Row row) {
    if (row.getAs("width") == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ReportedRow.Measured(
            row.getAs("width"),
            row.getAs("height"),
            row.getAs("iterations"),
            row.getAs("stop_reason"),
            row.getAs("content_loss"),
            row.getAs("style_loss"),
            row.getAs("tv_loss"),
            row.getAs("total_loss"),
            row.getAs("initial_total_loss"),
            new Timings(
                row.getAs("read_ms"),
                row.getAs("decode_ms"),
                row.getAs("optimize_ms"),
                row.getAs("encode_ms"),
                row.getAs("write_ms")),
            row.getAs("input_warnings") == null
                ? List.of()
                : row.getList(row.fieldIndex("input_warnings"))));
  }

  private static Optional<TransferRequest> request(Row row, Hyperparameters defaults) {
    if (row.getAs("content") == null) {
      return Optional.empty();
    }
    List<TransferRequest.Style> styles = new ArrayList<>();
    for (Row style : row.<Row>getList(row.fieldIndex("styles"))) {
      styles.add(
          new TransferRequest.Style(
              style.getString(0), style.getDouble(1), style.getString(2), style.getString(3)));
    }
    java.util.EnumMap<Knob, Object> values = new java.util.EnumMap<>(Knob.class);
    for (Knob knob : Tables.knobs()) {
      values.put(knob, knob.domain().parse(row.<Object>getAs(knob.key())));
    }
    return Optional.of(
        new TransferRequest(
            row.getAs("id"),
            row.getAs("content"),
            row.getAs("content_version"),
            styles,
            defaults.with(values),
            row.getAs(RequestJson.SUBSTITUTED_LAYERS)));
  }
}
