package nst.job.task;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import nst.engine.IterateListener;
import nst.engine.StyleTransfer;
import nst.engine.sizing.Pyramid;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.executor.ExecutorEngine;
import nst.job.executor.Progress;
import nst.job.executor.StepReports;
import nst.job.executor.StyleTransferPlugin;
import nst.job.input.NetworkSource;
import nst.job.input.Sources;
import nst.job.network.ExecutionMode;
import nst.job.network.Networks;
import nst.job.table.Journal;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferResult;
import nst.model.knob.NetworkChoices.Backbone;
import nst.record.RequestJson;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.RetryCounters;
import nst.storage.TimedObjectStore;
import nst.storage.UriPolicy;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Spark task: computes the images of one batch and writes the results to the journal. */
public final class TransferTask implements VoidFunction<Iterator<Row>> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TransferTask.class);

  /** The columns of the plan that a task reads, in this order. */
  public static final List<String> COLUMNS =
      List.of("key", "request", "output_uri", "predicted_seconds");

  private final RunConfig config;
  private final OutputLayout layout;
  private final Networks networks;
  private final UriPolicy policy;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final RowStages.Wrapper wrapper;

  public TransferTask(
      RunConfig config,
      OutputLayout layout,
      Networks networks,
      UriPolicy policy,
      Broadcast<SerializableConfiguration> hadoop) {
    this(config, layout, networks, policy, hadoop, stages -> stages);
  }

  /**
   * @param wrapper receives the stages of a row
   */
  TransferTask(
      RunConfig config,
      OutputLayout layout,
      Networks networks,
      UriPolicy policy,
      Broadcast<SerializableConfiguration> hadoop,
      RowStages.Wrapper wrapper) {
    this.config = config;
    this.layout = layout;
    this.networks = networks;
    this.policy = policy;
    this.hadoop = hadoop;
    this.wrapper = wrapper;
  }

  @Override
  public void call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return;
    }
    TaskContext context = TaskContext.get();
    ObjectStore store =
        new TimedObjectStore(
            new HadoopObjectStore(hadoop.value().value()), config.seconds(Setting.OBJECT_SECONDS));
    ExecutorEngine engine = ExecutorEngine.of(context.resourcesJMap(), networks);
    LOG.info(
        "Task {} works on {}, addresses {}",
        context.taskAttemptId(),
        engine.deviceName(),
        ExecutorEngine.addresses(context.resourcesJMap()));
    RowOrigin origin = origin(context, engine);
    FatalRows fatal = new FatalRows(store, layout, SparkEnv.get().conf().getAppId());
    int together = config.integer(Setting.BATCH_IMAGES);
    Map<StyleTransfer, StyleTransfer> batching = new ConcurrentHashMap<>(); // of this task's rows
    Function<Backbone, StyleTransfer> transfers =
        backbone ->
            batching.computeIfAbsent(
                engine.network(backbone), network -> network.withBatchesOf(together));
    Function<String, Optional<TransferResult>> recorded =
        isFirstAttempt(context) ? key -> Optional.empty() : fatal::of;
    try (Journal.Writer journal = journal(store, context)) {
      RowPipeline.RowEnd end =
          (row, result, seconds) -> {
            synchronized (journal) { // workers finish rows concurrently
              journal.append(result);
            }
            StyleTransferPlugin.tell(done(row, result, seconds / together));
            if (config.isWatched()) {
              StyleTransferPlugin.tell(WatchedRow.Done.of(row, result));
            }
          };
      int ahead = rowsAhead(context, engine, together);
      new ConcurrentRows(together)
          .run(
              planned(rows),
              shared -> {
                ProcessTermination termination = new ProcessTermination(fatal, origin, mode());
                try (Watchdog watchdog = watchdog(termination)) {
                  RowStages stages =
                      watchdog.around(
                          new DeviceGuard(termination)
                              .around(wrapper.around(stages(store, transfers, ahead, recorded))));
                  new RowPipeline(stages, ahead, origin, end)
                      .run(shared, () -> !context.isInterrupted());
                }
              });
    }
  }

  /**
   * How many rows each worker fetches at the same time. One of the task's cores feeds the device,
   * and each of the others can decode a photo. On a local master, the task of a GPU has the whole
   * machine.
   */
  private static int rowsAhead(TaskContext context, ExecutorEngine engine, int together) {
    boolean hasMachine = mode() == ExecutionMode.LOCAL && !engine.isOnCpu();
    int cores = hasMachine ? Runtime.getRuntime().availableProcessors() : context.cpus();
    return Math.max(1, (cores - 1) / together);
  }

  /** The store for URIs from the manifest. */
  private ObjectStore inputs() {
    return new TimedObjectStore(
        HadoopObjectStore.within(policy, hadoop.value().value()),
        config.seconds(Setting.OBJECT_SECONDS));
  }

  /**
   * @param transfers the engine for a network, in which the task's rows share passes
   * @param ahead the number of threads that fetch rows
   * @param stuckBefore returns by key the result that an earlier attempt recorded for a stuck row
   */
  private RowStages stages(
      ObjectStore store,
      Function<Backbone, StyleTransfer> transfers,
      int ahead,
      Function<String, Optional<TransferResult>> stuckBefore) {
    ObjectStore inputs = inputs();
    long maxBytes = config.whole(Setting.MAX_BYTES);
    ImageReuse made = new ImageReuse(store);
    return new RowStages(
        new RowFetch(
            row ->
                stuckBefore
                    .apply(row.key())
                    .<RowInputs>map(RowInputs.Stuck::new)
                    .or(() -> made.find(row)),
            new Sources(inputs, new ImageDecoder(ImageLimits.of(config)), maxBytes, ahead),
            new NetworkSource(inputs, maxBytes),
            false),
        new RowOptimization(transfers, config, watching(config.integer(Setting.BATCH_IMAGES))),
        new RowStore(store, config.recordedSources()));
  }

  /** What receives the iterates of the rows of one thread. */
  private BiFunction<PlannedRow, Pyramid, IterateListener> watching(int imagesTogether) {
    StepReports steps = new StepReports(System::nanoTime, StyleTransferPlugin::tell);
    Optional<Previews> previews = Previews.of(config, StyleTransferPlugin::tell);
    return (row, scales) -> {
      IterateListener reported =
          steps.of(row.key(), row.predictedSeconds(), scales, imagesTogether);
      return previews.map(pictures -> reported.and(pictures.of(row))).orElse(reported);
    };
  }

  private Watchdog watchdog(ProcessTermination termination) {
    Duration limit = imageDeadline().plusSeconds(config.whole(Setting.STUCK_SECONDS));
    return new Watchdog(limit, (row, stage) -> termination.stuck(row, stage, limit));
  }

  private Duration imageDeadline() {
    return config.seconds(Setting.IMAGE_SECONDS);
  }

  /** Whether this application has not attempted this batch before. */
  private static boolean isFirstAttempt(TaskContext context) {
    return context.attemptNumber() == 0 && context.stageAttemptNumber() == 0;
  }

  private static ExecutionMode mode() {
    return ExecutionMode.of(SparkEnv.get().conf().get("spark.master"));
  }

  /** Parses plan rows one at a time, when they are needed. */
  private Iterator<PlannedRow> planned(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public PlannedRow next() {
        Row row = rows.next();
        return new PlannedRow(
            RequestJson.read(row.getString(1), config.defaults()),
            row.getString(0),
            row.getString(2),
            row.getDouble(3));
      }
    };
  }

  private Journal.Writer journal(ObjectStore store, TaskContext context) {
    String attempt =
        context.stageId()
            + "-"
            + context.taskAttemptId()
            + "-"
            + Long.toString(System.currentTimeMillis(), 36);
    return new Journal.Writer(
        store,
        layout,
        attempt,
        config.integer(Setting.JOURNAL_ROWS),
        config.seconds(Setting.JOURNAL_SECONDS));
  }

  private static Progress.RowDone done(PlannedRow row, TransferResult result, double seconds) {
    return new Progress.RowDone(
        row.key(),
        result.status(),
        result.failure().map(failure -> failure.code().name()).orElse(""),
        row.predictedSeconds(),
        seconds,
        new Progress.Health(
            result.place().executorId(),
            result.image().map(TransferResult.Image::peakMemoryBytes).orElse(0L),
            RetryCounters.ofThisProcess()));
  }

  private RowOrigin origin(TaskContext context, ExecutorEngine engine) {
    return new RowOrigin(
        layout.runId(),
        StyleTransferPlugin.host(),
        SparkEnv.get().executorId(),
        context.attemptNumber(),
        networks,
        engine.deviceName());
  }
}
