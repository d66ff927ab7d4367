package nst.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import nst.model.Knob;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** One manifest row to one plan row. */
final class RowPlan implements ManifestRows.RowFunction {
  private static final long serialVersionUID = 1L;
  private final Manifest manifest;
  private final RunConfig config;
  private final OutputLayout layout;
  private final RowCosts costs;
  private final Networks networks;
  private final String[] userColumns;

  RowPlan(
      Manifest manifest,
      RunConfig config,
      OutputLayout layout,
      RowCosts costs,
      Networks networks,
      String[] userColumns) {
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
      values[own.length + i] = OwnColumn.value(row.getAs(userColumns[i]));
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
        Planner.PLANNED,
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
      String id = Redactor.of(manifest.id(row, number));
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
        null,
        null,
        null,
        null,
        0.0,
        null,
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
    return TransferRequest.sha256(text.toString().getBytes(StandardCharsets.UTF_8))
        .substring(0, 16);
  }
}
