package nst.job.table;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nst.model.Domain;
import nst.model.Knob;
import nst.record.RequestJson;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of all tables that a run writes. {@code docs/outputs.md} describes them, and a test
 * compares the two.
 */
public final class Tables {
  /**
   * The plan status of a row to compute. The other statuses are in {@link
   * nst.model.TransferResult.Status}.
   */
  public static final String PLANNED = "PLANNED";

  private Tables() {}

  /** The columns of {@code loss/}, which has one row for each key, scale and recorded iteration. */
  public static final StructType LOSS =
      new StructType()
          .add("key", StringType, false)
          .add("scale", IntegerType, false)
          .add("iteration", IntegerType, false)
          .add("evaluations", IntegerType, false)
          .add("content_loss", DoubleType, false)
          .add("style_loss", DoubleType, false)
          .add("tv_loss", DoubleType, false)
          .add("total_loss", DoubleType, false)
          .add("style_loss_by_layer", createMapType(StringType, DoubleType), false)
          .add("gradient_norm", DoubleType, false)
          .add("learning_rate", DoubleType, false)
          .add("elapsed_ms", LongType, false);

  /**
   * The measured values of a row. They are columns of both {@code journal/} and {@code metrics/}.
   */
  static final StructType MEASURED =
      new StructType()
          .add("content_sha256", StringType)
          .add("style_sha256", createArrayType(StringType))
          .add("input_warnings", createArrayType(StringType))
          .add("weights_sha256", StringType)
          .add("network_sha256", StringType)
          .add("width", IntegerType)
          .add("height", IntegerType)
          .add("iterations", IntegerType)
          .add("evaluations", IntegerType)
          .add("stop_reason", StringType)
          .add("content_loss", DoubleType)
          .add("style_loss", DoubleType)
          .add("tv_loss", DoubleType)
          .add("total_loss", DoubleType)
          .add("initial_total_loss", DoubleType)
          .add("read_ms", LongType)
          .add("decode_ms", LongType)
          .add("optimize_ms", LongType)
          .add("encode_ms", LongType)
          .add("write_ms", LongType)
          .add("peak_memory_bytes", LongType)
          .add("device", StringType)
          .add("precision", StringType)
          .add("host", StringType)
          .add("executor_id", StringType)
          .add("attempt", IntegerType)
          .add("started_at", TimestampType)
          .add("finished_at", TimestampType)
          .add("output_sha256", StringType)
          .add("output_bytes", LongType)
          .add("algorithm_version", IntegerType);

  /** The fields of a journal line that the tables use. */
  public static final StructType JOURNAL =
      MEASURED
          .add("key", StringType)
          .add("run_id", StringType)
          .add("status", StringType)
          .add("error_code", StringType)
          .add("error_message", StringType)
          .add("retryable", BooleanType)
          .add("output_uri", StringType)
          .add("losses", createArrayType(lossWithoutKey()));

  /** The columns of {@code plan/} before the user's own. */
  public static final StructType PLAN =
      new StructType()
          .add("row", LongType, false)
          .add("id", StringType, false)
          .add("key", StringType)
          .add("status", StringType, false)
          .add("error_code", StringType)
          .add("error_message", StringType)
          .add("request", StringType)
          .add("output_uri", StringType)
          .add("style_group", StringType)
          .add("cost_arithmetic", StringType)
          .add("cost_search", StringType)
          .add("cost_size", IntegerType)
          .add("cost_evaluations", DoubleType)
          .add("cost_teraflops", DoubleType)
          .add("predicted_seconds", DoubleType, false)
          .add("predicted_from", StringType)
          .add("batch", LongType);

  /** The columns of {@code metrics/} for the request, with the values that were used. */
  static StructType request() {
    StructType columns =
        new StructType()
            .add("content", StringType)
            .add("content_version", StringType)
            .add(
                "styles",
                createArrayType(
                    new StructType()
                        .add("uri", StringType)
                        .add("weight", DoubleType)
                        .add("mask", StringType)
                        .add("style_mask", StringType)));
    for (Knob knob : knobs()) {
      columns = columns.add(knob.key(), type(knob.domain().kind()));
    }
    return columns.add(RequestJson.SUBSTITUTED_LAYERS, StringType);
  }

  /** The names of the columns of {@code metrics/} before the user's own. */
  public static List<String> metrics() {
    return List.of(metricsColumns().fieldNames());
  }

  /** The columns of {@code metrics/} before the user's own. */
  public static StructType metricsColumns() {
    return new StructType(
        Stream.of(
                Stream.of("row", "id", "key", "status", "error_code", "error_message")
                    .map(PLAN::apply),
                Stream.of(JOURNAL.apply("retryable")),
                Arrays.stream(request().fields()),
                Arrays.stream(MEASURED.fields()),
                Stream.of("output_uri", "predicted_seconds").map(PLAN::apply))
            .flatMap(fields -> fields)
            .toArray(StructField[]::new));
  }

  /**
   * The knobs whose requested value is in {@code metrics}. For the others, it contains the measured
   * value.
   */
  public static List<Knob> knobs() {
    return Arrays.stream(Knob.values()).filter(knob -> !knob.isShownAsMeasured()).toList();
  }

  public static DataType type(Domain.Kind kind) {
    return switch (kind) {
      case REAL -> DoubleType;
      case WHOLE -> LongType;
      case TEXT, LAYERS -> StringType;
    };
  }

  private static StructType lossWithoutKey() {
    return new StructType(
        Arrays.stream(LOSS.fields())
            .filter(field -> !field.name().equals("key"))
            .toArray(StructField[]::new));
  }
}
