package nst.job;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import nst.job.cost.CostModel;
import nst.job.manifest.ManifestTable;
import nst.job.manifest.ManifestTest;
import nst.job.plan.ExistingImages;
import nst.job.plan.Planner;
import nst.job.table.RowTable;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** Plans a manifest as a run does. */
public final class PlannedManifest {
  private final RowTable plan;
  private final RunConfig config;
  private List<Row> rows; // collected once

  private PlannedManifest(RowTable plan, RunConfig config) {
    this.plan = plan;
    this.config = config;
  }

  /**
   * Plans a manifest.
   *
   * @param output the output folder of a run that is never started
   */
  public static PlannedManifest of(Path manifest, Path output) {
    return of(manifest, output, ManifestTest.config());
  }

  /** Plans a manifest with a configuration. */
  public static PlannedManifest of(Path manifest, Path output, RunConfig config) {
    OutputLayout layout = layout(output);
    ManifestTable table = open(manifest, config);
    return new PlannedManifest(
        new Planner(TestSpark.spark(), config, layout, CostModel.builtIn(Setting.Device.CPU))
            .plan(table, ManifestTest.NETWORKS, Map.of(), 2, existing(layout)),
        config);
  }

  public static ManifestTable open(Path manifest) {
    return open(manifest, ManifestTest.config());
  }

  private static ManifestTable open(Path manifest, RunConfig config) {
    return ManifestTable.open(
        TestSpark.spark(), "file:" + manifest.toAbsolutePath(), config, ManifestTest.NETWORKS);
  }

  /** The paths of the run. */
  public static OutputLayout layout(Path output) {
    return new OutputLayout("file:" + output, "2026-01-01", "test");
  }

  /** The existing images. */
  public static ExistingImages existing(OutputLayout layout) {
    var context = TestSpark.spark().sparkContext();
    var hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    return new ExistingImages(
        TestSpark.spark(), layout, JavaSparkContext.fromSparkContext(context).broadcast(hadoop));
  }

  /** The configuration of the plan. */
  public RunConfig config() {
    return config;
  }

  /** The table of the plan. */
  public RowTable plan() {
    return plan;
  }

  /** Returns the rows in the manifest's order. Spark would compute the plan twice to sort it. */
  public List<Row> rows() {
    if (rows == null) {
      rows =
          plan.dataset().collectAsList().stream()
              .sorted(Comparator.comparingLong(row -> row.<Long>getAs("row")))
              .toList();
    }
    return rows;
  }

  /** Returns the request of a plan row. */
  public TransferRequest request(Row row) {
    return RequestJson.read(row.<String>getAs("request"), config.defaults());
  }
}
