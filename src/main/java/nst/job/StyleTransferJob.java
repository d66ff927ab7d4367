package nst.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.job.cost.CostModel;
import nst.job.cost.CostRecord;
import nst.job.cost.CostTable;
import nst.job.cost.MeasuredCost;
import nst.job.executor.JobFailedException;
import nst.job.executor.Progress;
import nst.job.executor.RunGauges;
import nst.job.executor.Session;
import nst.job.executor.StyleTransferPlugin;
import nst.job.manifest.ManifestFault;
import nst.job.manifest.ManifestTable;
import nst.job.network.Locality;
import nst.job.network.Network;
import nst.job.network.Networks;
import nst.job.page.ReportPage;
import nst.job.plan.ExistingImages;
import nst.job.plan.Planner;
import nst.job.table.Globs;
import nst.job.table.Journal;
import nst.job.table.MetricsTable;
import nst.job.table.Tables;
import nst.job.task.ProcessTermination;
import nst.job.task.TransferTask;
import nst.model.Causes;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.TransferResult.Status;
import nst.record.PlanFile;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.RetryCounters;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's story of one run. */
public final class StyleTransferJob {
  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferJob.class);
  private static final long MAX_RECORD_BYTES = 16L << 20;

  private final Session session;
  private final SparkSession spark;
  private final RunOptions options;
  private final RunObserver observer;
  private final RunConfig config;
  private final ObjectStore store;
  private final OutputLayout layout;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Instant startedAt = Instant.now();
  private final RetryCounters troubleBefore = RetryCounters.ofThisProcess();

  /** How long tasks ran in this invocation. */
  private Duration computing = Duration.ZERO;

  /** Why the run was ended from within; empty while it goes on. */
  private volatile String stopped = "";

  public StyleTransferJob(Session session, RunOptions options, RunObserver observer) {
    this.session = session;
    this.spark = session.spark();
    this.options = options;
    this.observer = observer;
    this.config = options.config();
    this.store =
        new TimedObjectStore(
            session.store(), Duration.ofSeconds(config.whole(Setting.OBJECT_SECONDS)));
    this.layout = new OutputLayout(options.output(), options.runDate().toString(), options.runId());
    this.hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  /**
   * Takes the run from where it stands to its end.
   *
   * @throws InvalidInputException where nothing may be started
   * @throws JobFailedException where the run cannot go on now; started again, it goes on where it
   *     stopped
   */
  public RunSummary run() {
    session.requireStorage("MANIFEST", options.manifest());
    session.requireStorage("--output", options.output());
    Networks networks = session.networks();
    ManifestTable manifest = ManifestTable.open(spark, options.manifest(), config, networks);
    Lease.requireFree(store, layout);
    requireSamePlan(manifest, networks); // nothing is taken from whoever began with another one
    try (Lease lease =
        Lease.acquire(store, layout, () -> stop("another driver took this run over"))) {
      LOG.info("Holding {}", lease);
      Dataset<Row> plan = plan(manifest, networks);
      Optional<RunSummary> finished = finished();
      if (finished.isPresent() && config.retry() == Setting.Retry.NONE) {
        return finished.get().judgedBy(config.real(Setting.MAX_FAILED_RATIO));
      }
      store.delete(layout.runFile()); // tried again, the run is not over until it says so again
      Progress progress = compute(plan, networks, manifest.policy());
      return conclude(plan, networks, progress);
    } catch (InvalidInputException | JobFailedException e) {
      throw e;
    } catch (Exception e) {
      if (!stopped.isEmpty()) {
        throw new JobFailedException("Stopped: " + stopped, e);
      }
      throw new JobFailedException("The job cannot go on: " + Causes.words(e), e);
    }
  }

  /** Ends the tasks at once; what they have done so far stays done. */
  private void stop(String reason) {
    stopped = reason;
    spark.sparkContext().cancelAllJobs();
  }

  /** The plan of an earlier try of this run, or a new one. */
  private Dataset<Row> plan(ManifestTable manifest, Networks networks) {
    // Said rather than found out: asking a table's files for their columns is a job of its own.
    StructType columns = Planner.planSchema(manifest.schema());
    if (!requireSamePlan(manifest, networks)) {
      makePlan(manifest, networks, columns);
    }
    return spark.read().schema(columns).parquet(Globs.literal(layout.plan()));
  }

  /**
   * Whether an earlier try of this run has made its plan.
   *
   * @throws InvalidInputException where this try would make another one
   */
  private boolean requireSamePlan(ManifestTable manifest, Networks networks) {
    if (!store.exists(layout.planFile())) {
      return false;
    }
    PlanFile before = PlanFile.read(store.read(layout.planFile(), MAX_RECORD_BYTES));
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
    CostModel costs = CostTable.read(store, costFolder()).model(config.device());
    Planner planner = new Planner(spark, config, layout, costs);
    ExistingImages done = new ExistingImages(spark, layout, hadoop);
    ManifestFault.named(
        options.manifest(),
        () -> {
          Dataset<Row> plan = planner.plan(manifest, networks, devices(spark, config), done);
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
        startedAt.toString(),
        config.entries(),
        Versions.all());
  }

  /** Computes every row that has no word in the journal yet. */
  private Progress compute(Dataset<Row> plan, Networks networks, UriPolicy policy) {
    Dispatch todo = Dispatch.of(spark, todo(plan, Journal.read(spark, store, layout)));
    Progress progress = new Progress(todo.rows(), todo.predictedSeconds(), troubleBefore);
    RunGauges.show(progress);
    if (todo.rows() == 0) {
      return progress;
    }
    Breaker breaker = new Breaker(config.whole(Setting.BREAKER_ROWS), this::stop);
    StyleTransferPlugin.listen(
        message -> {
          if (message instanceof Progress.RowDone row) {
            progress.add(row);
            breaker.add(row);
          } else if (message instanceof ProcessTermination.Told ended) {
            told(ended);
          }
        });
    observer.computing(progress);
    Instant began = Instant.now();
    try {
      todo.run(new TransferTask(config, layout, networks, policy, hadoop));
    } finally {
      progress.over();
      observer.computed();
      computing = Duration.between(began, Instant.now());
    }
    if (!stopped.isEmpty()) { // too late to cancel anything, but nothing to conclude from either
      throw new JobFailedException("Stopped: " + stopped);
    }
    return progress;
  }

  /** An executor whose row demands it ends itself; this process can only end the run. */
  private void told(ProcessTermination.Told ended) {
    switch (ended.locality()) {
      case CLUSTER -> LOG.warn("An executor ended itself: {}", ended.words());
      case ONE_PROCESS ->
          stop(
              ended.words()
                  + ". It failed with "
                  + ended.code()
                  + "; run the same --run-id again for the other rows");
    }
  }

  private Dataset<Row> todo(Dataset<Row> plan, Dataset<Row> journal) {
    Column failed = col("status").equalTo(Status.FAILED.name());
    Column over =
        switch (config.retry()) {
          case NONE -> not(failed).or(not(col("error_code").isin(ofTheStore())));
          case TRANSIENT -> not(failed).or(not(col("retryable")));
          case ALL -> not(failed);
        };
    Dataset<Row> settled = journal.where(over).select(col("key"));
    return plan.where(Planner.isPlanned()).join(settled, new String[] {"key"}, "left_anti");
  }

  /** A run that the store's refusals ended has no word yet on the rows that were refused. */
  private static Object[] ofTheStore() {
    return Breaker.OF_THE_STORE.stream().map(Enum::name).toArray();
  }

  /** Brings plan and journal together, counts, reports and says that the run is over. */
  private RunSummary conclude(Dataset<Row> plan, Networks networks, Progress progress) {
    Dataset<Row> journal = Journal.read(spark, store, layout).persist();
    Dataset<Row> lines = MetricsTable.of(spark, plan, journal, config.defaults());
    MetricsTable.write(lines, MetricsTable.losses(journal), layout);
    Dataset<Row> metrics =
        spark.read().schema(lines.schema()).parquet(Globs.literal(layout.metrics()));
    RunSummary summary = report(summary(metrics, networks, progress.snapshot()), metrics);
    if (!stopped.isEmpty()) { // whoever took the run over says when it is over
      throw new JobFailedException("Stopped: " + stopped);
    }
    tellCosts(plan, metrics);
    store.write(layout.runFile(), summary.json().getBytes(StandardCharsets.UTF_8));
    return summary;
  }

  /**
   * Writes the page. All rows are done: a fault of the page, OutOfMemoryError included, is recorded
   * and does not end the run.
   */
  private RunSummary report(RunSummary summary, Dataset<Row> metrics) {
    int limit = Math.toIntExact(config.whole(Setting.REPORT_ROWS));
    try {
      store.delete(layout.page()); // of an earlier try, whose counts were others
      new ReportPage(session.store(), session::store, config)
          .write(summary, MetricsTable.shown(metrics, limit, config.defaults()));
      return summary;
    } catch (Exception | Error e) {
      LOG.error("The run has no page", e);
      return summary.withoutPage(Causes.words(e));
    }
  }

  /** Seconds that a row of {@code metrics} held its device. */
  static Column held() {
    Column stored = coalesce(col("encode_ms").plus(col("write_ms")), lit(0L)).divide(1000);
    return col("finished_at") // a picture is stored beside the next row's turn
        .cast("double")
        .minus(col("started_at").cast("double"))
        .minus(stored);
  }

  /**
   * Leaves what this run's rows took to the plans of later ones; not of rows that shared a device,
   * whose seconds do not say what they cost.
   */
  private void tellCosts(Dataset<Row> plan, Dataset<Row> metrics) {
    if (config.whole(Setting.BATCH_IMAGES) > 1) {
      return;
    }
    List<MeasuredCost> measured = CostRecord.measured(plan, metrics, held());
    if (!measured.isEmpty()) {
      Duration driver = Duration.between(startedAt, Instant.now()).minus(computing);
      CostRecord record =
          new CostRecord(layout.runId(), layout.runDate(), driver.toMillis() / 1000.0, measured);
      store.write(CostTable.uri(costFolder(), layout), record.json());
    }
  }

  private String costFolder() {
    return CostTable.folder(config, layout);
  }

  private RunSummary summary(Dataset<Row> metrics, Networks networks, Progress.Snapshot computed) {
    Column share = held().divide(config.whole(Setting.BATCH_IMAGES)); // rows may share a device
    RunTotals totals = RunTotals.of(metrics, share);
    RunSummary.Rows rows = rows(totals.byStatus());
    long planned = PlanFile.read(store.read(layout.planFile(), MAX_RECORD_BYTES)).rows();
    if (!rows.addUp() || rows.total() != planned) {
      throw new JobFailedException(
          "Cannot account for every row: the plan has "
              + planned
              + ", the tables have "
              + totals.byStatus()
              + "; run it again");
    }
    Instant finishedAt = Instant.now();
    return new RunSummary(
        options.runId(),
        options.runDate().toString(),
        options.manifest(),
        options.output(),
        rows,
        totals.failures(),
        totals.deviceSeconds(),
        totals.timings(),
        totals.devices(),
        totals.peakMemoryBytes(),
        computed.trouble(),
        session.executors(),
        computed.imagesPerHour(),
        Duration.between(startedAt, finishedAt).toMillis() / 1000.0,
        totals.deviceSeconds() / 3600 * config.real(Setting.PRICE_PER_HOUR),
        networks.all().stream().map(Network::recorded).toList(),
        "",
        rows.exitCode(config.real(Setting.MAX_FAILED_RATIO)),
        startedAt,
        finishedAt,
        Versions.all(),
        config.entries());
  }

  private static RunSummary.Rows rows(Map<String, Long> byStatus) {
    long total = byStatus.values().stream().mapToLong(Long::longValue).sum();
    return new RunSummary.Rows(
        total,
        byStatus.getOrDefault(Status.OK.name(), 0L),
        byStatus.getOrDefault(Status.FAILED.name(), 0L),
        byStatus.getOrDefault(Status.SKIPPED.name(), 0L),
        byStatus.getOrDefault(Status.DUPLICATE.name(), 0L));
  }

  private Optional<RunSummary> finished() {
    return store.exists(layout.runFile())
        ? Optional.of(RunSummary.read(store.read(layout.runFile(), MAX_RECORD_BYTES)))
        : Optional.empty();
  }

  static Locality locality(SparkSession spark) {
    return Session.locality(spark.sparkContext().master());
  }

  /** How many tasks run at once, or as many as the configuration says. */
  static int devices(SparkSession spark, RunConfig config) {
    long configured = config.whole(Setting.DEVICES);
    int cpus = spark.sparkContext().conf().getInt("spark.task.cpus", 1);
    return configured > 0
        ? Math.toIntExact(configured)
        : Math.max(1, spark.sparkContext().defaultParallelism() / cpus);
  }
}
