package nst.job;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import nst.job.executor.JobFailedException;
import nst.job.executor.Lease;
import nst.job.executor.Progress;
import nst.job.executor.RunGauges;
import nst.job.executor.Session;
import nst.job.executor.StyleTransferPlugin;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.page.RunWatch;
import nst.job.page.WatchedRows;
import nst.job.plan.Planner;
import nst.job.plan.RowStatus;
import nst.job.table.MetricsCopy;
import nst.job.table.MetricsTable;
import nst.job.table.RowTable;
import nst.job.table.Tables;
import nst.job.task.ProcessTermination;
import nst.job.task.TransferTask;
import nst.job.task.WatchedRow;
import nst.model.Causes;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.record.RunSummary;
import nst.storage.NetworkLayout;
import nst.storage.OutputLayout;
import nst.storage.RetryCounters;
import nst.storage.UriPolicy;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a style transfer job from start to end, in the driver. */
public final class StyleTransferJob {
  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferJob.class);

  private final RunContext context;
  private final RunObserver observer;
  private final Work work;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RetryCounters troubleBefore = RetryCounters.ofThisProcess();

  /** How long tasks ran in this invocation. */
  private Duration computing = Duration.ZERO;

  /** Why the run was stopped; empty while it is running. */
  private volatile String stopped = "";

  /** Creates the task that computes the rows of a run. */
  @FunctionalInterface
  interface Work {
    TransferTask task(
        RunConfig config,
        OutputLayout layout,
        Networks networks,
        UriPolicy policy,
        Broadcast<SerializableConfiguration> hadoop);
  }

  public StyleTransferJob(Session session, RunOptions options, RunObserver observer) {
    this(session, options, observer, TransferTask::new);
  }

  StyleTransferJob(Session session, RunOptions options, RunObserver observer, Work work) {
    this.context = RunContext.of(session, options);
    this.observer = observer;
    this.work = work;
    this.hadoop =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .broadcast(
                new SerializableConfiguration(
                    context.spark().sparkContext().hadoopConfiguration()));
  }

  /**
   * Runs the job, or continues it where an earlier attempt stopped.
   *
   * @throws InvalidInputException if the input is invalid; nothing was started
   * @throws JobFailedException if the run cannot continue. If it is started again, it continues
   *     where it stopped
   */
  public RunSummary run() {
    Session session = context.session();
    session.requireStorage("MANIFEST", context.options().manifest());
    session.requireStorage("--output", context.options().output());
    context.options().source().requireOutside(context.options().output());
    Networks networks = session.networks();
    ManifestTable manifest =
        ManifestTable.open(context.spark(), context.options().source(), context.config(), networks);
    StructType planned = Planner.planSchema(manifest.schema());
    Optional<MetricsCopy> copy =
        MetricsCopy.open(
            context.spark(),
            context.config().text(Setting.METRICS_TABLE),
            MetricsTable.schema(planned));
    Lease.Claim claim = Lease.Claim.of(context.layout());
    Lease.requireFree(context.store(), claim);
    RunPlan runPlan = new RunPlan(context, hadoop, observer);
    runPlan.requireSamePlan(manifest, networks); // before taking over the lease of another driver
    try (Lease lease =
        Lease.acquire(context.store(), claim, () -> stop("another driver took this run over"))) {
      LOG.info("Holding {}", lease);
      RowTable plan = runPlan.plan(manifest, networks);
      Optional<RunSummary> finished = finished();
      if (finished.isPresent() && context.config().retry() == Setting.Retry.NONE) {
        new RunResults(context, copy).copy(planned);
        return finished.get().judgedBy(context.config().real(Setting.MAX_FAILED_RATIO));
      }
      context
          .store()
          .delete(context.layout().runFile()); // the run is not finished while rows are retried
      RowTable todo = todo(plan, context.journal(plan));
      RunContext decided = BatchImages.resolved(context, todo, networks, observer);
      Progress progress = compute(decided.config(), todo, networks, policy(manifest));
      return new RunResults(decided, copy)
          .write(plan, networks, progress, computing, this::requireRunning);
    } catch (InvalidInputException | JobFailedException e) {
      throw e;
    } catch (Exception e) {
      if (!stopped.isEmpty()) {
        throw new JobFailedException("Stopped: " + stopped, e);
      }
      throw new JobFailedException("The job cannot continue: " + Causes.message(e), e);
    }
  }

  /**
   * The URIs that rows may read: those of the manifest's policy, and the networks of the output,
   * which the plan writes into rows.
   */
  private UriPolicy policy(ManifestTable manifest) {
    return manifest.policy().allowing(NetworkLayout.folder(context.layout().output()));
  }

  /** Cancels the tasks. Rows that are already finished keep their results. */
  private void stop(String reason) {
    stopped = reason;
    context.spark().sparkContext().cancelAllJobs();
  }

  /** Computes every row that has no result in the journal. */
  private Progress compute(RunConfig config, RowTable rows, Networks networks, UriPolicy policy) {
    Dispatch todo = Dispatch.of(context.spark(), rows);
    Progress progress = new Progress(todo.rows(), todo.predictedSeconds(), troubleBefore);
    RunGauges.show(progress);
    if (todo.rows() == 0) {
      return progress;
    }
    CircuitBreaker breaker =
        new CircuitBreaker(context.config().whole(Setting.BREAKER_ROWS), this::stop);
    WatchedRows watched = new WatchedRows();
    StyleTransferPlugin.listen(
        message -> {
          if (message instanceof Progress.RowDone row) {
            progress.add(row);
            breaker.add(row);
          } else if (message instanceof Progress.Steps steps) {
            progress.add(steps);
          } else if (message instanceof WatchedRow row) {
            watched.add(row);
          } else if (message instanceof ProcessTermination.Notice ended) {
            onProcessEnding(ended);
          }
        });
    observer.computing(progress);
    SparkContext spark = context.spark().sparkContext();
    spark.setJobDescription(todo.rows() + " rows; page: " + context.layout().page());
    Instant began = Instant.now();
    try (RunWatch watch = watch(watched, progress)) {
      todo.run(work.task(config, context.layout(), networks, policy, hadoop));
      if (stopped.isEmpty()) {
        watch.over();
      }
    } finally {
      spark.setJobDescription(null);
      progress.over();
      observer.computed();
      computing = Duration.between(began, Instant.now());
    }
    requireRunning(); // the results may be incomplete
    return progress;
  }

  private RunWatch watch(WatchedRows rows, Progress progress) {
    return RunWatch.start(
        context.store(),
        context.layout(),
        context.config().seconds(Setting.REPORT_WATCH_SECONDS),
        rows,
        progress);
  }

  private void requireRunning() {
    if (!stopped.isEmpty()) {
      throw new JobFailedException("Stopped: " + stopped);
    }
  }

  /**
   * Handles the message of a task that had to end its process. In local mode, that is the driver's
   * process, so the run is stopped instead.
   */
  private void onProcessEnding(ProcessTermination.Notice ended) {
    switch (ended.mode()) {
      case CLUSTER -> LOG.warn("An executor ended itself: {}", ended.words());
      case LOCAL ->
          stop(
              ended.words()
                  + ". It failed with "
                  + ended.code()
                  + "; run the same --run-id again for the other rows");
    }
  }

  /** The rows of the plan without a final result. */
  private RowTable todo(RowTable plan, RowTable journal) {
    Setting.Retry retry = context.config().retry();
    if (!plan.isHeld() || !journal.isHeld()) {
      Dataset<Row> settled =
          journal
              .dataset()
              .select("key", "status", "error_code", "retryable")
              .filter((FilterFunction<Row>) result -> isFinal(result, retry))
              .select("key");
      return RowTable.distributed(
          plan.dataset()
              .where(RowStatus.isPlanned())
              .join(settled, new String[] {"key"}, "left_anti"));
    }
    Set<String> settled = new HashSet<>();
    for (Row result : journal.rows()) {
      if (isFinal(result, retry)) {
        settled.add(result.getAs("key"));
      }
    }
    int status = plan.schema().fieldIndex("status");
    int key = plan.schema().fieldIndex("key");
    return RowTable.held(
        context.spark(),
        plan.rows().stream()
            .filter(row -> row.getString(status).equals(Tables.PLANNED))
            .filter(row -> !settled.contains(row.getString(key)))
            .toList(),
        plan.schema());
  }

  /** Whether a result in the journal is not tried again. */
  private static boolean isFinal(Row result, Setting.Retry retry) {
    if (!Status.FAILED.name().equals(result.getAs("status"))) {
      return true;
    }
    String code = result.getAs("error_code");
    return switch (retry) {
      // If storage errors ended the run, their rows have no final result yet.
      case NONE -> code != null && !CircuitBreaker.isOfStorage(code);
      case TRANSIENT -> Boolean.FALSE.equals(result.<Boolean>getAs("retryable"));
      case ALL -> false;
    };
  }

  private Optional<RunSummary> finished() {
    return context.store().exists(context.layout().runFile())
        ? Optional.of(
            RunSummary.read(
                context.store().read(context.layout().runFile(), RunContext.MAX_RECORD_BYTES)))
        : Optional.empty();
  }
}
