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
import nst.job.table.RowTable;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.record.PlanFile;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.util.SerializableConfiguration;

/** Makes the plan of a run, or finds the plan of an earlier attempt. */
final class RunPlan {
  private final RunContext context;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RunObserver observer;

  RunPlan(RunContext context, Broadcast<SerializableConfiguration> hadoop, RunObserver observer) {
    this.context = context;
    this.hadoop = hadoop;
    this.observer = observer;
  }

  /**
   * Returns the plan of an earlier attempt of this run, or creates a new one.
   *
   * @throws InvalidInputException if an earlier attempt made another plan
   */
  RowTable plan(ManifestTable manifest, Networks networks) {
    if (requireSamePlan(manifest, networks)) {
      return RowTable.of(written(manifest), manifest.rows().count());
    }
    return makePlan(manifest, networks);
  }

  private Dataset<Row> written(ManifestTable manifest) {
    return context
        .spark()
        .read()
        .schema(Planner.planSchema(manifest.schema())) // otherwise Spark runs a job to read it
        .parquet(Globs.literal(context.layout().plan()));
  }

  /**
   * Whether an earlier attempt of this run has made its plan.
   *
   * @throws InvalidInputException if this attempt would make another one
   */
  boolean requireSamePlan(ManifestTable manifest, Networks networks) {
    if (!context.store().exists(context.layout().planFile())) {
      return false;
    }
    PlanFile before =
        PlanFile.read(
            context.store().read(context.layout().planFile(), RunContext.MAX_RECORD_BYTES));
    List<String> differences = before.differences(planFile(manifest, networks, Map.of(), 0));
    if (!differences.isEmpty()) {
      throw new InvalidInputException(
          "run_id=" + context.options().runId(),
          "",
          "expected the plan that it was started with, but "
              + String.join("; ", differences)
              + ". Give the new plan its own --run-id");
    }
    return true;
  }

  private RowTable makePlan(ManifestTable manifest, Networks networks) {
    CostModel costs =
        CostTable.read(context.store(), context.costFolder()).model(context.config().device());
    Planner planner = new Planner(context.spark(), context.config(), context.layout(), costs);
    ExistingImages done = new ExistingImages(context.spark(), context.layout(), hadoop);
    RowTable made =
        ManifestFault.named(
            context.options().manifest(),
            () -> {
              Map<String, String> amortized =
                  context.config().amortize() == Setting.Amortize.OFF
                      ? Map.of()
                      : AmortizedTraining.in(context, observer)
                          .networks(planner.bills(manifest, networks, done), manifest.policy());
              RowTable plan =
                  planner.plan(
                      manifest,
                      networks,
                      amortized,
                      Session.devices(context.spark(), context.config()),
                      done);
              plan.dataset().write().mode(SaveMode.Overwrite).parquet(context.layout().plan());
              return plan;
            });
    RowTable plan = made.isHeld() ? made : RowTable.distributed(written(manifest));
    Map<String, Long> counts = new TreeMap<>();
    double seconds = 0;
    for (Row row : statuses(plan)) {
      counts.merge(row.getString(0), row.getLong(1), Long::sum);
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
    context
        .store()
        .write(context.layout().planFile(), planFile.json().getBytes(StandardCharsets.UTF_8));
    observer.planned(counts, seconds);
    return plan;
  }

  /** Statuses with numbers of rows and predicted seconds; a status may occur several times. */
  private static List<Row> statuses(RowTable plan) {
    if (plan.isHeld()) {
      int status = plan.schema().fieldIndex("status");
      int seconds = plan.schema().fieldIndex("predicted_seconds");
      return plan.rows().stream()
          .map(row -> RowFactory.create(row.get(status), 1L, row.get(seconds)))
          .toList();
    }
    return plan.dataset()
        .groupBy("status")
        .agg(count(lit(1)), sum("predicted_seconds"))
        .collectAsList();
  }

  private PlanFile planFile(
      ManifestTable manifest, Networks networks, Map<String, Long> counts, double seconds) {
    return new PlanFile(
        context.options().runId(),
        context.options().runDate().toString(),
        context.options().manifest(),
        manifest.digest(),
        networks.identity(),
        TransferRequest.ALGORITHM_VERSION,
        context.config().planText(),
        counts,
        seconds,
        context.startedAt().toString(),
        context.config().entries(),
        Versions.all());
  }
}
