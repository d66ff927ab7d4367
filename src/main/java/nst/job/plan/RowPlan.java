package nst.job.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import nst.job.cost.RowCosts;
import nst.job.manifest.Manifest;
import nst.job.manifest.ManifestRows;
import nst.job.manifest.OwnColumn;
import nst.job.network.Networks;
import nst.job.table.Tables;
import nst.model.ErrorCode;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.model.knob.Effect;
import nst.model.text.ShortText;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps a manifest row to a plan row. */
final class RowPlan implements ManifestRows.RowFunction {
  private static final long serialVersionUID = 1L;

  /** The knobs that the style targets of a row depend on. */
  private static final List<Knob> STYLE_KNOBS =
      Knob.affecting(Effect.FEATURES, Effect.SIZES, Effect.STYLE_TARGETS);

  private final Manifest manifest;
  private final RunConfig config;
  private final OutputLayout layout;
  private final RowCosts costs;
  private final Networks networks;
  private static final Logger LOG = LoggerFactory.getLogger(RowPlan.class);
  private final int[] userColumns;

  /**
   * @param userColumns indices of the user's own columns in the rows of the manifest
   */
  RowPlan(
      Manifest manifest,
      RunConfig config,
      OutputLayout layout,
      RowCosts costs,
      Networks networks,
      int[] userColumns) {
    this.manifest = manifest;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
    this.networks = networks;
    this.userColumns = userColumns;
  }

  @Override
  public Row of(Row row, long number) {
    Object[] own = ownColumns(row, number);
    Object[] values = Arrays.copyOf(own, own.length + userColumns.length);
    for (int i = 0; i < userColumns.length; i++) {
      values[own.length + i] = OwnColumn.value(row.get(userColumns[i]));
    }
    return RowFactory.create(values);
  }

  private Object[] ownColumns(Row row, long number) {
    try {
      TransferRequest request = manifest.request(row, number);
      RowCosts.Cost cost = costs.of(request);
      String key = request.key(networks.get(request.hyperparameters().backbone()).identity());
      return new Object[] {
        number,
        request.id(),
        key,
        Tables.PLANNED,
        null,
        null,
        RequestJson.write(request, config.defaults()),
        layout.image(key, request.hyperparameters().outputFormat()),
        styleGroup(request),
        cost.work().arithmetic(),
        cost.work().search(),
        cost.work().size(),
        cost.work().teraflops(),
        cost.estimate().seconds(),
        cost.estimate().basis().name(),
        null
      };
    } catch (TransferException e) {
      return refused(row, number, e.code(), e.getMessage());
    } catch (RuntimeException e) { // one faulty row must not end the whole plan
      LOG.warn("Row {} cannot be planned: {}", number, Redactor.stackTrace(e));
      return refused(
          row,
          number,
          ErrorCode.INTERNAL,
          ShortText.message(Redactor.of("Cannot plan row " + number + ": " + e)));
    }
  }

  private Object[] refused(Row row, long number, ErrorCode code, String message) {
    Object[] values = new Object[Tables.PLAN.size()];
    values[Tables.PLAN.fieldIndex("row")] = number;
    values[Tables.PLAN.fieldIndex("id")] =
        ShortText.begin(Redactor.of(manifest.id(row, number)), Manifest.MAX_ID_LENGTH);
    values[Tables.PLAN.fieldIndex("status")] = Status.FAILED.name();
    values[Tables.PLAN.fieldIndex("error_code")] = code.name();
    values[Tables.PLAN.fieldIndex("error_message")] = message;
    values[Tables.PLAN.fieldIndex("predicted_seconds")] = 0.0;
    return values;
  }

  /** Rows with the same text share all style targets. */
  static String styleGroup(TransferRequest request) {
    StringBuilder text = new StringBuilder();
    request.styles().forEach(style -> text.append(style).append('\n'));
    for (Knob knob : STYLE_KNOBS) {
      text.append(request.hyperparameters().text(knob)).append('\n');
    }
    return TransferRequest.sha256(text.toString().getBytes(StandardCharsets.UTF_8))
        .substring(0, 16);
  }
}
