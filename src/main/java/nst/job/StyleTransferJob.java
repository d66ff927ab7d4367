package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import nst.job.executor.JobFailedException;
import nst.job.executor.Progress;
import nst.job.executor.RunGauges;
import nst.job.executor.Session;
import nst.job.executor.StyleTransferPlugin;
import nst.job.manifest.ManifestTable;
import nst.job.network.Networks;
import nst.job.plan.Planner;
import nst.job.table.Journal;
import nst.job.task.ProcessTermination;
import nst.job.task.TransferTask;
import nst.model.Causes;
import nst.model.InvalidInputException;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult.Status;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.RetryCounters;
import nst.storage.UriPolicy;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's story of one run. */
public final class StyleTransferJob {
  private static final Logger LOG = LoggerFactory.getLogger(StyleTransferJob.class);

  private final RunContext context;
  private final SparkSession spark;
  private final RunOptions options;
  private final RunObserver observer;
  private final RunConfig config;
  private final ObjectStore store;
  private final OutputLayout layout;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RetryCounters troubleBefore = RetryCounters.ofThisProcess();

  /** How long tasks ran in this invocation. */
  private Duration computing = Duration.ZERO;

  /** Why the run was ended from within; empty while it goes on. */
  private volatile String stopped = "";

  public StyleTransferJob(Session session, RunOptions options, RunObserver observer) {
    this.context = RunContext.of(session, options);
    this.spark = context.spark();
    this.options = options;
    this.observer = observer;
    this.config = context.config();
    this.store = context.store();
    this.layout = context.layout();
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
    Session session = context.session();
    session.requireStorage("MANIFEST", options.manifest());
    session.requireStorage("--output", options.output());
    Networks networks = session.networks();
    ManifestTable manifest = ManifestTable.open(spark, options.manifest(), config, networks);
    Lease.requireFree(store, layout);
    RunPlan runPlan = new RunPlan(context, hadoop, observer);
    runPlan.requireSamePlan(manifest, networks); // before the lease of another driver is taken
    try (Lease lease =
        Lease.acquire(store, layout, () -> stop("another driver took this run over"))) {
      LOG.info("Holding {}", lease);
      Dataset<Row> plan = runPlan.plan(manifest, networks);
      Optional<RunSummary> finished = finished();
      if (finished.isPresent() && config.retry() == Setting.Retry.NONE) {
        return finished.get().judgedBy(config.real(Setting.MAX_FAILED_RATIO));
      }
      store.delete(layout.runFile()); // tried again, the run is not over until it says so again
      Progress progress = compute(plan, networks, manifest.policy());
      return new RunResults(context)
          .write(plan, networks, progress, computing, this::requireRunning);
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
    requireRunning(); // too late to cancel anything, but nothing to conclude from either
    return progress;
  }

  private void requireRunning() {
    if (!stopped.isEmpty()) {
      throw new JobFailedException("Stopped: " + stopped);
    }
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

  private Optional<RunSummary> finished() {
    return store.exists(layout.runFile())
        ? Optional.of(RunSummary.read(store.read(layout.runFile(), RunContext.MAX_RECORD_BYTES)))
        : Optional.empty();
  }
}
