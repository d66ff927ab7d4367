package nst.job;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nst.job.executor.EngineConfig;
import nst.job.executor.ExecutorEngine;
import nst.job.executor.ExecutorRoll;
import nst.job.executor.StyleTransferPlugin;
import nst.job.network.Locality;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.HadoopObjectStore;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Loads the engine in executors only to see whether that works; what fails is an answer. */
final class EngineProbe implements Function<Integer, EngineProbe.Answer> {
  private static final long serialVersionUID = 1L;

  private final EngineConfig engine;
  private final Locality locality;
  private final Broadcast<SerializableConfiguration> hadoop;

  /** What an executor answered. */
  record Answer(Diagnostics.Health health, String found) implements Serializable {}

  private EngineProbe(
      EngineConfig engine, Locality locality, Broadcast<SerializableConfiguration> hadoop) {
    this.engine = engine;
    this.locality = locality;
    this.hadoop = hadoop;
  }

  /** Asks as many tasks as run at once; the same answer is given once. */
  static List<Answer> ask(SparkSession spark, EngineConfig engine, RunConfig config) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Locality locality = StyleTransferJob.locality(spark);
    int tasks = locality == Locality.ONE_PROCESS ? 1 : StyleTransferJob.devices(spark, config);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    JavaFutureAction<List<Answer>> answers =
        context
            .parallelize(Collections.nCopies(tasks, 0), tasks)
            .map(new EngineProbe(engine, locality, hadoop))
            .collectAsync();
    long wait = config.whole(Setting.EXECUTOR_WAIT);
    try {
      return answers.get(wait, TimeUnit.SECONDS).stream().distinct().toList();
    } catch (TimeoutException e) {
      answers.cancel(true);
      return broken(
          "no executor answered within "
              + wait
              + " s; each was asked to have "
              + ExecutorRoll.shape(engine, context.getConf()));
    } catch (ExecutionException e) {
      return broken(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return broken("interrupted");
    }
  }

  private static List<Answer> broken(String words) {
    return List.of(new Answer(Diagnostics.Health.BROKEN, words));
  }

  @Override
  public Answer call(Integer task) {
    String where =
        locality == Locality.ONE_PROCESS
            ? ""
            : "executor "
                + SparkEnv.get().executorId()
                + " on "
                + StyleTransferPlugin.host()
                + ": ";
    try {
      ExecutorEngine loaded =
          ExecutorEngine.load(
              engine,
              ExecutorEngine.addresses(TaskContext.get().resourcesJMap()),
              locality,
              new HadoopObjectStore(hadoop.value().value()),
              words -> {});
      String network = engine.backbone().name().toLowerCase(Locale.ROOT);
      return new Answer(
          Diagnostics.Health.OK, where + loaded.deviceName() + ", " + network + " loaded");
    } catch (RuntimeException | LinkageError e) {
      return new Answer(Diagnostics.Health.BROKEN, where + e.getMessage());
    }
  }
}
