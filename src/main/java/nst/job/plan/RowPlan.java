package nst.job.plan;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import nst.job.cost.RowCosts;
import nst.job.cost.Workload.Losses;
import nst.job.manifest.Manifest;
import nst.job.manifest.ManifestRows;
import nst.job.manifest.UserColumn;
import nst.job.network.Networks;
import nst.job.table.RowValues;
import nst.job.table.Tables;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.model.knob.Effect;
import nst.model.text.Sha256;
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
  private static final Logger LOG = LoggerFactory.getLogger(RowPlan.class);

  /** The knobs that the style targets of a row depend on. */
  private static final List<Knob> STYLE_KNOBS =
      Knob.affecting(Effect.FEATURES, Effect.SIZES, Effect.STYLE_TARGETS);

  private final Manifest manifest;
  private final RunConfig config;
  private final OutputLayout layout;
  private final RowCosts costs;
  private final Networks networks;
  private final RowGroups groups;
  private final Choice choice;
  private final int[] userColumns;

  /** Chooses the style network of a row that has {@code init=network} and names none. */
  @FunctionalInterface
  interface Choice extends Serializable {
    /** For a check that knows no output. */
    Choice LATER = request -> request;

    /**
     * The request with its network; the same request if it needs none, or names one.
     *
     * @throws TransferException if there is no network for it, or a style cannot be read
     */
    TransferRequest chosen(TransferRequest request);
  }

  /**
   * @param userColumns indices of the user's own columns in the rows of the manifest
   */
  RowPlan(
      Manifest manifest,
      RunConfig config,
      OutputLayout layout,
      RowCosts costs,
      Networks networks,
      RowGroups groups,
      Choice choice,
      int[] userColumns) {
    this.manifest = manifest;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
    this.networks = networks;
    this.groups = groups;
    this.choice = choice;
    this.userColumns = userColumns;
  }

  @Override
  public Row of(Row row, long number) {
    Object[] own = ownColumns(row, number).inOrder();
    Object[] values = Arrays.copyOf(own, own.length + userColumns.length);
    for (int i = 0; i < userColumns.length; i++) {
      values[own.length + i] = UserColumn.value(row.get(userColumns[i]));
    }
    return RowFactory.create(values);
  }

  private RowValues ownColumns(Row row, long number) {
    try {
      TransferRequest request =
          groups.amortized(manifest.request(row, number), manifest.statesInit(row));
      return planned(number, choice.chosen(request));
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

  private RowValues planned(long number, TransferRequest request) {
    Hyperparameters h = request.hyperparameters();
    String key = request.key(networks.get(h.backbone()).identity());
    RowCosts.Cost cost =
        costs.of(request, config.measuresLosses(h, key) ? Losses.MEASURED : Losses.NOT_MEASURED);
    return new RowValues(Tables.PLAN)
        .set("row", number)
        .set("id", request.id())
        .set("key", key)
        .set("status", Tables.PLANNED)
        .set("request", RequestJson.write(request, config.defaults()))
        .set("output_uri", layout.image(key, h.outputFormat()))
        .set("style_group", styleGroup(request))
        .set("cost_arithmetic", cost.work().arithmetic())
        .set("cost_search", cost.work().search())
        .set("cost_size", cost.work().size())
        .set("cost_evaluations", cost.work().evaluations())
        .set("cost_teraflops", cost.work().teraflops())
        .set("predicted_seconds", cost.estimate().seconds())
        .set("predicted_from", cost.estimate().basis().name());
  }

  private RowValues refused(Row row, long number, ErrorCode code, String message) {
    String id = ShortText.begin(Redactor.of(manifest.id(row, number)), Manifest.MAX_ID_LENGTH);
    return new RowValues(Tables.PLAN)
        .set("row", number)
        .set("id", id)
        .set("status", Status.FAILED.name())
        .set("error_code", code.name())
        .set("error_message", message)
        .set("predicted_seconds", 0.0);
  }

  /** Rows with the same text share all style targets. */
  static String styleGroup(TransferRequest request) {
    StringBuilder text = new StringBuilder();
    request.styles().forEach(style -> text.append(style).append('\n'));
    for (Knob knob : STYLE_KNOBS) {
      text.append(request.hyperparameters().text(knob)).append('\n');
    }
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
  }
}
