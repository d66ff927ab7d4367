package nst.job;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.cost.CostModel;
import nst.job.cost.CostTable;
import nst.job.executor.JobFailedException;
import nst.job.executor.Session;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.plan.ExistingImages;
import nst.job.plan.Planner;
import nst.job.table.Globs;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.TransferRequest;
import nst.record.PlanFile;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Makes the plan of a run, or finds the plan of an earlier attempt. */
final class RunPlan {
  private final RunContext context;
  private final SparkSession spark;
  private final RunOptions options;
  private final RunConfig config;
  private final ObjectStore store;
  private final OutputLayout layout;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunObserver observer;

  RunPlan(RunContext context, Broadcast<SerializableConfiguration> hadoop, RunObserver observer) {
    this.context = context;
    this.spark = context.spark();
    this.options = context.options();
    this.config = context.config();
    this.store = context.store();
    this.layout = context.layout();
    this.hadoop = hadoop;
    this.observer = observer;
  }

  /**
   * The plan of an earlier attempt of this run, or a new one.
   *
   * @throws InvalidInputException if an earlier attempt made another plan
   */
  Dataset<Row> plan(ManifestTable manifest, Networks networks) {
    // Without a given schema, Spark would run a job to read it from the files.
    StructType columns = Planner.planSchema(manifest.schema());
    if (!requireSamePlan(manifest, networks)) {
      makePlan(manifest, networks, columns);
    }
    return spark.read().schema(columns).parquet(Globs.literal(layout.plan()));
  }

  /**
   * Whether an earlier attempt of this run has made its plan.
   *
   * @throws InvalidInputException if this attempt would make another one
   */
  boolean requireSamePlan(ManifestTable manifest, Networks networks) {
    if (!store.exists(layout.planFile())) {
      return false;
    }
    PlanFile before = PlanFile.read(store.read(layout.planFile(), RunContext.MAX_RECORD_BYTES));
    List<String> differences = before.differences(planFile(manifest, networks, Map.of(), 0));
    if (!differences.isEmpty()) {
      throw new InvalidInputException(
          "run_id=" + options.runId(),
          "",
          "expected the plan that it was started with, but "
              + String.join("; ", differences)
              + ". Give the new plan its own --run-id");
    }
    return true;
  }

  private void makePlan(ManifestTable manifest, Networks networks, StructType columns) {
    CostModel costs = CostTable.read(store, context.costFolder()).model(config.device());
    Planner planner = new Planner(spark, config, layout, costs);
    ExistingImages done = new ExistingImages(spark, layout, hadoop);
    ManifestFault.named(
        options.manifest(),
        () -> {
          Dataset<Row> plan =
              planner.plan(manifest, networks, Session.devices(spark, config), done);
          plan.write().mode(SaveMode.Overwrite).parquet(layout.plan());
          return plan;
        });
    Map<String, Long> counts = new TreeMap<>();
    double seconds = 0;
    for (Row row : statuses(spark.read().schema(columns).parquet(Globs.literal(layout.plan())))) {
      counts.put(row.getString(0), row.getLong(1));
      seconds += row.getString(0).equals(Tables.PLANNED) ? row.getDouble(2) : 0;
    }
    PlanFile planFile = planFile(manifest, networks, counts, seconds);
    if (planFile.rows() != manifest.rows().count()) {
      throw new JobFailedException(
          "The manifest changed while it was read: expected "
              + manifest.rows().count()
              + " rows, the plan has "
              + planFile.rows());
    }
    store.write(layout.planFile(), planFile.json().getBytes(StandardCharsets.UTF_8));
    observer.planned(counts, seconds);
  }

  private static List<Row> statuses(Dataset<Row> plan) {
    return plan.groupBy("status").agg(count(lit(1)), sum("predicted_seconds")).collectAsList();
  }

  private PlanFile planFile(
      ManifestTable manifest, Networks networks, Map<String, Long> counts, double seconds) {
    return new PlanFile(
        options.runId(),
        options.runDate().toString(),
        options.manifest(),
        manifest.digest(),
        networks.identity(),
        TransferRequest.ALGORITHM_VERSION,
        config.planText(),
        counts,
        seconds,
        context.startedAt().toString(),
        config.entries(),
        Versions.all());
  }
}
