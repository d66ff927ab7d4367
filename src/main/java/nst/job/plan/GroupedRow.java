package nst.job.plan;

import java.util.Map;
import java.util.Optional;
import nst.job.cost.RowCosts;
import nst.job.manifest.Manifest;
import nst.job.manifest.ManifestRows;
import nst.job.network.Networks;
import nst.job.table.RowValues;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.TransferRequest;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps a manifest row to its group, and to its costs with and without a style network. */
final class GroupedRow implements ManifestRows.RowFunction {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(GroupedRow.class);

  /** A row without a group has a number only. */
  static final StructType COLUMNS =
      new StructType()
          .add("row", DataTypes.LongType, false)
          .add("group", DataTypes.StringType)
          .add("content", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("output_uri", DataTypes.StringType)
          .add("optimize", DataTypes.DoubleType)
          .add("apply", DataTypes.DoubleType)
          .add("request", DataTypes.StringType);

  /** Stands for the URI of a network that does not exist yet. The costs do not depend on it. */
  private static final String ANY_NETWORK = "file:/network";

  private final Manifest manifest;
  private final RunConfig config;
  private final OutputLayout layout;
  private final RowCosts costs;
  private final Networks features;
  private final RowGroups groups;
  private final Map<String, String> networks;

  /**
   * @param networks if not empty, only rows of these groups have a group, and the key that they
   *     have with the group's network
   */
  GroupedRow(
      Manifest manifest,
      RunConfig config,
      OutputLayout layout,
      RowCosts costs,
      Networks features,
      RowGroups groups,
      Map<String, String> networks) {
    this.manifest = manifest;
    this.config = config;
    this.layout = layout;
    this.costs = costs;
    this.features = features;
    this.groups = groups;
    this.networks = networks;
  }

  @Override
  public Row of(Row row, long number) {
    RowValues values = new RowValues(COLUMNS).set("row", number);
    try {
      TransferRequest asked = manifest.request(row, number);
      Optional<String> group =
          groups
              .of(asked, manifest.statesInit(row))
              .filter(id -> networks.isEmpty() || networks.containsKey(id));
      if (group.isPresent()) {
        values = inGroup(number, group.get(), asked);
      }
    } catch (TransferException e) {
      LOG.debug("Row {} has a fault, which the plan will report", number, e);
    }
    return RowFactory.create(values.inOrder());
  }

  private RowValues inGroup(long number, String group, TransferRequest asked) {
    TransferRequest refined = RowGroups.refining(asked, networks.getOrDefault(group, ANY_NETWORK));
    TransferRequest made = networks.isEmpty() ? asked : refined;
    String key = made.key(features.get(made.hyperparameters().backbone()).identity());
    return new RowValues(COLUMNS)
        .set("row", number)
        .set("group", group)
        .set("content", asked.content())
        .set("key", key)
        .set("output_uri", layout.image(key, made.hyperparameters().outputFormat()))
        .set("optimize", costs.of(asked).estimate().seconds())
        .set("apply", costs.of(refined).estimate().seconds())
        .set("request", RequestJson.write(asked, config.defaults()));
  }
}
