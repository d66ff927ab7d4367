package nst.job;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nst.engine.torch.CudaDriver;
import nst.engine.torch.Libtorch;
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
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Loads the engine in executors to check that this works. A failure is reported as an answer. */
final class EngineProbe implements FlatMapFunction<Integer, EngineProbe.Answer> {
  private static final long serialVersionUID = 1L;

  private static final String DEVICE = "device";
  private static final String SEE_LOG =
      "see the log; with device=cpu everything needed is in the jars";

  private final EngineConfig engine;
  private final ExecutionMode mode;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * The answer of an executor.
   *
   * @param what the part that was checked: {@code libtorch}, {@code driver} or {@code device}
   * @param found what is there, or why it cannot be used
   * @param advice what to do; empty if it works
   */
  record Answer(String what, boolean works, String found, String advice) implements Serializable {}

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
            .flatMap(new EngineProbe(engine, mode, hadoop))
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
    return List.of(new Answer(DEVICE, false, words, SEE_LOG));
  }

  @Override
  public Iterator<Answer> call(Integer task) {
    String where =
        mode == ExecutionMode.LOCAL
            ? ""
            : "executor "
                + SparkEnv.get().executorId()
                + " on "
                + StyleTransferPlugin.host()
                + ": ";
    boolean gpu = engine.device() == Setting.Device.GPU;
    List<Answer> answers = new ArrayList<>();
    Libtorch libtorch = Libtorch.here();
    answers.add(answer("libtorch", where, libtorch.check(gpu)));
    if (libtorch.hasCuda()) {
      answers.add(answer("driver", where, CudaDriver.check(gpu)));
    }
    // A libtorch that does not fit may crash the process, or be replaced by that of the jars.
    boolean fits = answers.stream().allMatch(Answer::works);
    answers.add(
        fits
            ? load(where)
            : new Answer(DEVICE, false, where + "not opened", "see the checks before this one"));
    return answers.iterator();
  }

  private static Answer answer(String what, String where, Libtorch.Check check) {
    return new Answer(what, check.works(), where + check.found(), check.advice());
  }

  private Answer load(String where) {
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
      return new Answer(DEVICE, true, where + loaded.deviceName() + ", " + network + " loaded", "");
    } catch (RuntimeException | LinkageError e) {
      return new Answer(DEVICE, false, where + e.getMessage(), SEE_LOG);
    }
  }
}
