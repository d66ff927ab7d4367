package nst.job;

import java.nio.file.Path;
import java.util.List;
import nst.job.cost.CostModel;
import nst.job.manifest.ManifestTable;
import nst.job.manifest.ManifestTest;
import nst.job.plan.ExistingImages;
import nst.job.plan.Planner;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.record.RequestJson;
import nst.storage.OutputLayout;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/** A manifest as a run plans it. */
public record PlannedManifest(Dataset<Row> plan, RunConfig config) {

  /**
   * Plans a manifest.
   *
   * @param output a folder for a run that is never made
   */
  public static PlannedManifest of(Path manifest, Path output) {
    RunConfig config = ManifestTest.config();
    OutputLayout layout = new OutputLayout("file:" + output, "2026-01-01", "test");
    ManifestTable table = open(manifest);
    return new PlannedManifest(
        new Planner(TestSpark.spark(), config, layout, CostModel.builtIn(Setting.Device.CPU))
            .plan(
                table,
                ManifestTest.NETWORKS,
                2,
                new ExistingImages(TestSpark.spark(), layout, hadoop())),
        config);
  }

  public static ManifestTable open(Path manifest) {
    return ManifestTable.open(
        TestSpark.spark(),
        "file:" + manifest.toAbsolutePath(),
        ManifestTest.config(),
        ManifestTest.NETWORKS);
  }

  private static org.apache.spark.broadcast.Broadcast<SerializableConfiguration> hadoop() {
    var context = TestSpark.spark().sparkContext();
    return JavaSparkContext.fromSparkContext(context)
        .broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
  }

  /** In the order of the manifest. */
  public List<Row> rows() {
    return plan.orderBy("row").collectAsList();
  }

  /** What a row of the plan asks for. */
  public TransferRequest request(Row row) {
    return RequestJson.read(row.<String>getAs("request"), config.defaults());
  }
}
