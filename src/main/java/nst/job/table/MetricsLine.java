package nst.job.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.record.RequestJson;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes a row of {@code metrics/} from a row of the plan and its result in the journal. */
final class MetricsLine implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int REQUEST = Tables.PLAN.fieldIndex("request");
  private static final int STATUS = Tables.PLAN.fieldIndex("status");
  private static final int CODE = Tables.PLAN.fieldIndex("error_code");
  private static final int MESSAGE = Tables.PLAN.fieldIndex("error_message");
  private static final int RESULT_STATUS = Tables.JOURNAL.fieldIndex("status");
  private static final int RESULT_CODE = Tables.JOURNAL.fieldIndex("error_code");
  private static final int RESULT_MESSAGE = Tables.JOURNAL.fieldIndex("error_message");

  private static final Set<String> RETRYABLE =
      Arrays.stream(ErrorCode.values())
          .filter(ErrorCode::isRetryable)
          .map(Enum::name)
          .collect(Collectors.toSet());

  /** The columns of the plan before the user's own. */
  private static final int OWN_BEGIN = Tables.PLAN.size();

  private static final int REQUEST_COLUMNS = Tables.request().size();

  private final Hyperparameters defaults;
  private final StructType schema;

  /**
   * @param plan the columns of the plan
   * @param defaults the values that the requests in the plan do not contain
   */
  MetricsLine(StructType plan, Hyperparameters defaults) {
    this.defaults = defaults;
    this.schema = schema(plan);
  }

  /**
   * The columns of {@code metrics/}.
   *
   * @param plan the columns of the plan
   */
  static StructType schema(StructType plan) {
    StructType columns =
        new StructType()
            .add("row", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("key", DataTypes.StringType)
            .add("status", DataTypes.StringType)
            .add("error_code", DataTypes.StringType)
            .add("error_message", DataTypes.StringType)
            .add("retryable", DataTypes.BooleanType);
    for (StructField field : Tables.request().fields()) {
      columns = columns.add(field);
    }
    for (StructField field : Tables.MEASURED.fields()) {
      columns = columns.add(field);
    }
    columns =
        columns
            .add("output_uri", DataTypes.StringType)
            .add("predicted_seconds", DataTypes.DoubleType);
    for (int own = OWN_BEGIN; own < plan.size(); own++) {
      columns = columns.add(plan.fields()[own].name(), plan.fields()[own].dataType(), true);
    }
    return columns;
  }

  /** The columns of {@code metrics/}. */
  StructType schema() {
    return schema;
  }

  /**
   * Makes a row.
   *
   * @param planned a row of the plan
   * @param result the result of its key, in the columns of the journal; null if there is none, or
   *     the plan did not ask for one
   */
  Row of(Row planned, Row result) {
    List<Object> values = new ArrayList<>(schema.size());
    boolean computed = Tables.PLANNED.equals(planned.get(STATUS));
    Object status = computed ? of(result, RESULT_STATUS) : planned.get(STATUS);
    Object code = planned.isNullAt(CODE) ? of(result, RESULT_CODE) : planned.get(CODE);
    values.add(planned.get(Tables.PLAN.fieldIndex("row")));
    values.add(planned.get(Tables.PLAN.fieldIndex("id")));
    values.add(planned.get(Tables.PLAN.fieldIndex("key")));
    values.add(status);
    values.add(code);
    values.add(planned.isNullAt(MESSAGE) ? of(result, RESULT_MESSAGE) : planned.get(MESSAGE));
    boolean failed = Status.FAILED.name().equals(status) && code != null;
    values.add(failed ? RETRYABLE.contains(code) : null);
    addRequest(values, planned);
    for (int i = 0; i < Tables.MEASURED.size(); i++) { // the journal's first columns
      values.add(of(result, i));
    }
    values.add(planned.get(Tables.PLAN.fieldIndex("output_uri")));
    values.add(planned.get(Tables.PLAN.fieldIndex("predicted_seconds")));
    for (int own = OWN_BEGIN; own < planned.size(); own++) {
      values.add(planned.get(own));
    }
    return RowFactory.create(values.toArray());
  }

  private static Object of(Row result, int column) {
    return result == null ? null : result.get(column);
  }

  private void addRequest(List<Object> values, Row planned) {
    if (planned.isNullAt(REQUEST)) {
      for (int i = 0; i < REQUEST_COLUMNS; i++) {
        values.add(null);
      }
      return;
    }
    TransferRequest request = RequestJson.read(planned.getString(REQUEST), defaults);
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
  }
}
