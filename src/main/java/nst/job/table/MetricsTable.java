package nst.job.table;

import static java.util.Comparator.comparingLong;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.struct;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The tables {@code metrics/} and {@code loss/}, created from the plan and the journal when all
 * rows are finished.
 */
public final class MetricsTable {
  private MetricsTable() {}

  /**
   * Joins the plan and the journal to {@code metrics}, with one row for every manifest row. The
   * result is held by the driver if both are.
   *
   * @param defaults the values that the requests in the plan do not contain
   */
  public static RowTable of(
      SparkSession spark, RowTable plan, RowTable journal, Hyperparameters defaults) {
    MetricsLine line = new MetricsLine(plan.schema(), defaults);
    return plan.isHeld() && journal.isHeld()
        ? RowTable.held(spark, lines(plan.rows(), journal.rows(), line), line.schema())
        : RowTable.distributed(lines(spark, plan.dataset(), journal.dataset(), line));
  }

  private static List<Row> lines(List<Row> plan, List<Row> journal, MetricsLine line) {
    int key = Tables.PLAN.fieldIndex("key");
    int status = Tables.PLAN.fieldIndex("status");
    Map<String, Row> results = new HashMap<>();
    journal.forEach(result -> results.put(result.getString(Journal.KEY), result));
    return plan.stream()
        .sorted(comparingLong(row -> row.getLong(Tables.PLAN.fieldIndex("row"))))
        .map(
            row ->
                line.of(
                    row,
                    row.getString(status).equals(Tables.PLANNED)
                        ? results.get(row.getString(key))
                        : null))
        .toList();
  }

  /** Both rows are one column each, so that the names of the user's columns cannot clash. */
  private static Dataset<Row> lines(
      SparkSession spark, Dataset<Row> plan, Dataset<Row> journal, MetricsLine line) {
    Dataset<Row> planned = plan.select(struct(Columns.named(plan.columns())).as("planned"));
    Dataset<Row> results =
        journal
            .drop("losses")
            .select(
                struct(
                        Arrays.stream(Tables.JOURNAL.fieldNames())
                            .filter(name -> !name.equals("losses"))
                            .map(functions::col)
                            .toArray(Column[]::new))
                    .as("result"));
    Column row = planned.col("planned");
    Column result = results.col("result");
    Column same =
        row.getField("status")
            .equalTo(Tables.PLANNED)
            .and(row.getField("key").equalTo(result.getField("key")));
    return spark
        .createDataFrame(
            planned
                .join(results, same, "left")
                .javaRDD()
                .map(
                    both ->
                        line.of(both.getStruct(0), both.isNullAt(1) ? null : both.getStruct(1))),
            line.schema())
        .orderBy("row");
  }

  /** Returns one row for each recorded iteration of every image whose losses are in the journal. */
  public static RowTable losses(SparkSession spark, RowTable journal) {
    if (!journal.isHeld()) {
      return RowTable.distributed(
          journal
              .dataset()
              .select(col("key"), explode(col("losses")).as("loss"))
              .select("key", "loss.*"));
    }
    int column = Tables.JOURNAL.fieldIndex("losses");
    List<Row> losses = new ArrayList<>();
    for (Row result : journal.rows()) {
      if (!result.isNullAt(column)) {
        result.<Row>getList(column).forEach(loss -> losses.add(withKey(result, loss)));
      }
    }
    return RowTable.held(spark, losses, Tables.LOSS);
  }

  private static Row withKey(Row result, Row loss) {
    Object[] values = new Object[1 + loss.size()];
    values[0] = result.get(Journal.KEY);
    for (int i = 0; i < loss.size(); i++) {
      values[1 + i] = loss.get(i);
    }
    return RowFactory.create(values);
  }

  /**
   * Writes both tables.
   *
   * @return {@code metrics} as it was written
   */
  public static RowTable write(RowTable metrics, RowTable losses, OutputLayout layout) {
    metrics.dataset().write().mode(SaveMode.Overwrite).parquet(layout.metrics());
    losses.dataset().write().mode(SaveMode.Overwrite).parquet(layout.loss());
    return metrics.isHeld()
        ? metrics.asRead()
        : RowTable.distributed(written(metrics.spark(), metrics.schema(), layout));
  }

  /** The columns of {@code metrics} of a plan with these columns. */
  public static StructType schema(StructType plan) {
    return MetricsLine.schema(plan);
  }

  /** {@code metrics} of a finished run. */
  public static Dataset<Row> written(SparkSession spark, StructType schema, OutputLayout layout) {
    return spark.read().schema(schema).parquet(Globs.literal(layout.metrics()));
  }

  /**
   * The rows for the page in the order of the manifest. Those of a large table are read each time
   * they are iterated over, and one part of the table at a time is in memory.
   *
   * @param defaults the values that the table does not contain, such as the requested precision
   */
  public static Iterable<ReportedRow> rows(RowTable metrics, Hyperparameters defaults) {
    Set<String> known = Set.copyOf(Tables.metrics());
    List<String> own =
        Arrays.stream(metrics.schema().fieldNames()).filter(name -> !known.contains(name)).toList();
    if (metrics.isHeld()) {
      return metrics.rows().stream()
          .sorted(comparingLong(row -> row.<Long>getAs("row")))
          .map(row -> reported(row, own, defaults))
          .toList();
    }
    Dataset<Row> ordered = metrics.dataset().orderBy("row");
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

  /** The seconds for which a row of {@code metrics} held its device; empty if it never did. */
  public static OptionalDouble heldSeconds(Row row) {
    Instant started = Journal.instant(row.getAs("started_at"));
    Instant finished = Journal.instant(row.getAs("finished_at"));
    if (started == null || finished == null) {
      return OptionalDouble.empty();
    }
    Long encode = row.getAs("encode_ms");
    Long write = row.getAs("write_ms");
    // An image is stored while the next row is on the device.
    double stored = encode == null || write == null ? 0 : (encode + write) / 1000.0;
    return OptionalDouble.of(ChronoUnit.MICROS.between(started, finished) / 1e6 - stored);
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
