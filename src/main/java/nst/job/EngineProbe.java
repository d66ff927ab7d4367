package nst.job;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nst.job.executor.EngineConfig;
import nst.job.executor.ExecutorEngine;
import nst.job.executor.ExecutorRegistry;
import nst.job.executor.Session;
import nst.job.executor.StyleTransferPlugin;
import nst.job.network.ExecutionMode;
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

/** Loads the engine in executors to check that this works. A failure is reported as an answer. */
final class EngineProbe implements Function<Integer, EngineProbe.Answer> {
  private static final long serialVersionUID = 1L;

  private final EngineConfig engine;
  private final ExecutionMode mode;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * The answer of an executor.
   *
   * @param works whether it could load the engine
   * @param found the device and the network, or why they cannot be used
   */
  record Answer(boolean works, String found) implements Serializable {}

  private EngineProbe(
      EngineConfig engine, ExecutionMode mode, Broadcast<SerializableConfiguration> hadoop) {
    this.engine = engine;
    this.mode = mode;
    this.hadoop = hadoop;
  }

  /** Runs as many tasks as can run at the same time. Equal answers are returned once. */
  static List<Answer> ask(SparkSession spark, EngineConfig engine, RunConfig config) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ExecutionMode mode = ExecutionMode.of(spark.sparkContext().master());
    int tasks = mode == ExecutionMode.LOCAL ? 1 : Session.devices(spark, config);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    JavaFutureAction<List<Answer>> answers =
        context
            .parallelize(Collections.nCopies(tasks, 0), tasks)
            .map(new EngineProbe(engine, mode, hadoop))
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
              + ExecutorRegistry.shape(engine, context.getConf()));
    } catch (ExecutionException e) {
      return broken(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return broken("interrupted");
    }
  }

  private static List<Answer> broken(String words) {
    return List.of(new Answer(false, words));
  }

  @Override
  public Answer call(Integer task) {
    String where =
        mode == ExecutionMode.LOCAL
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
              Optional.empty(), // no row follows
              ExecutorEngine.addresses(TaskContext.get().resourcesJMap()),
              mode,
              new HadoopObjectStore(hadoop.value().value()),
              words -> {});
      String network = engine.backbone().name().toLowerCase(Locale.ROOT);
      return new Answer(true, where + loaded.deviceName() + ", " + network + " loaded");
    } catch (RuntimeException | LinkageError e) {
      return new Answer(false, where + e.getMessage());
    }
  }
}
