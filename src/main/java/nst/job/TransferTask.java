package nst.job;

import java.time.Duration;
import java.util.Iterator;
import nst.image.ImageDecoder;
import nst.image.ImageLimits;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.model.TransferResult;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.TimedObjectStore;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one task does with its batch: each row to its picture, each result to the journal. */
final class TransferTask implements VoidFunction<Iterator<Row>> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TransferTask.class);

  /** The plan's columns that a task needs, in this order. */
  static final String[] COLUMNS = {"key", "request", "output_uri", "predicted_seconds"};

  private final RunConfig config;
  private final OutputLayout layout;
  private final String weightsDigest;
  private final Broadcast<SerializableConfiguration> hadoop;

  TransferTask(
      RunConfig config,
      OutputLayout layout,
      String weightsDigest,
      Broadcast<SerializableConfiguration> hadoop) {
    this.config = config;
    this.layout = layout;
    this.weightsDigest = weightsDigest;
    this.hadoop = hadoop;
  }

  @Override
  public void call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return;
    }
    TaskContext context = TaskContext.get();
    ObjectStore store =
        new TimedObjectStore(
            new HadoopObjectStore(hadoop.value().value()),
            Duration.ofSeconds(config.whole(Setting.OBJECT_SECONDS)));
    ExecutorEngine engine = ExecutorEngine.of(context.resourcesJMap(), weightsDigest);
    LOG.info(
        "Task {} works on {}, addresses {}",
        context.taskAttemptId(),
        engine.deviceName(),
        ExecutorEngine.addresses(context.resourcesJMap()));
    RowTransfer transfer =
        new RowTransfer(
            store,
            engine,
            new ImageDecoder(limits()),
            origin(context),
            config.whole(Setting.MAX_BYTES),
            Duration.ofSeconds(config.whole(Setting.IMAGE_SECONDS)));
    String attempt =
        context.stageId()
            + "-"
            + context.taskAttemptId()
            + "-"
            + Long.toString(System.currentTimeMillis(), 36);
    try (Journal.Writer journal =
        new Journal.Writer(
            store,
            layout,
            attempt,
            Math.toIntExact(config.whole(Setting.JOURNAL_ROWS)),
            Duration.ofSeconds(config.whole(Setting.JOURNAL_SECONDS)))) {
      while (rows.hasNext() && !context.isInterrupted()) {
        one(rows.next(), transfer, journal);
      }
    }
  }

  private void one(Row row, RowTransfer transfer, Journal.Writer journal) {
    long start = System.nanoTime();
    TransferRequest request = RequestJson.read(row.getString(1), config.defaults());
    TransferResult result = transfer.transfer(request, row.getString(0), row.getString(2));
    journal.append(result);
    StyleTransferPlugin.tell(
        new Progress.RowDone(
            result.status(),
            result.failure().map(failure -> failure.code().name()).orElse(""),
            row.getDouble(3),
            (System.nanoTime() - start) / 1e9));
  }

  private RowTransfer.Origin origin(TaskContext context) {
    return new RowTransfer.Origin(
        layout.runId(),
        StyleTransferPlugin.host(),
        SparkEnv.get().executorId(),
        context.attemptNumber(),
        weightsDigest);
  }

  private ImageLimits limits() {
    return new ImageLimits(
        config.whole(Setting.MAX_BYTES),
        config.whole(Setting.MAX_PIXELS),
        Math.toIntExact(config.whole(Setting.MIN_SIDE)),
        config.real(Setting.MAX_ASPECT));
  }
}
