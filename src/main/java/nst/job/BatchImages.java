package nst.job;

import static java.util.Comparator.comparingDouble;

import java.util.Iterator;
import java.util.List;
import nst.engine.BatchCurve;
import nst.engine.sizing.Sizing;
import nst.engine.torch.DeviceName;
import nst.image.Size;
import nst.job.executor.ExecutorEngine;
import nst.job.executor.MemoryLimit;
import nst.job.network.Networks;
import nst.job.table.RowTable;
import nst.model.Hyperparameters;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.SizeChoices.SizeRule;
import nst.record.RequestJson;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * Decides {@code batch.images=auto}: an executor measures passes of 1, 2, 4 and more images of a
 * typical row, and the run takes the fastest.
 */
final class BatchImages implements FlatMapFunction<String, BatchCurve> {
  private static final long serialVersionUID = 1L;

  /** The typical row is the median of so many rows. */
  private static final int SAMPLE = 1000;

  /** The largest value of {@code batch.images}. */
  private static final int MOST = 64;

  private final RunConfig config;
  private final Networks networks;
  private final MemoryLimit memory;

  private BatchImages(RunConfig config, Networks networks, MemoryLimit memory) {
    this.config = config;
    this.networks = networks;
    this.memory = memory;
  }

  /**
   * The context with the decision in place of {@code auto}. Without {@code auto} or without rows,
   * the same context.
   *
   * @param todo plan rows that will be computed
   */
  static RunContext resolved(
      RunContext context, RowTable todo, Networks networks, RunObserver observer) {
    RunConfig config = context.config();
    if (!config.isAuto(Setting.BATCH_IMAGES)) {
      return context;
    }
    int seconds = todo.schema().fieldIndex("predicted_seconds");
    int request = todo.schema().fieldIndex("request");
    List<Row> sample =
        (todo.isHeld() ? todo.rows() : todo.dataset().limit(SAMPLE).collectAsList())
            .stream().sorted(comparingDouble((Row row) -> row.getDouble(seconds))).toList();
    if (sample.isEmpty()) {
      return context.with(config.with(Setting.BATCH_IMAGES, 1L, "auto: no rows"));
    }
    Row typical = sample.get(sample.size() / 2);
    BatchCurve curve =
        JavaSparkContext.fromSparkContext(context.spark().sparkContext())
            .parallelize(List.of(typical.getString(request)), 1)
            .flatMap(new BatchImages(config, networks, MemoryLimit.of(context.spark(), config)))
            .first();
    observer.batches(curve);
    return context.with(config.with(Setting.BATCH_IMAGES, (long) curve.images(), "auto: measured"));
  }

  private static List<BatchCurve> unmeasured(String reason) {
    return List.of(new BatchCurve(List.of(), reason));
  }

  @Override
  public Iterator<BatchCurve> call(String request) {
    Hyperparameters h = RequestJson.read(request, config.defaults()).hyperparameters();
    if (h.numIterations() == 0) {
      return unmeasured("the typical row has no iterations").iterator();
    }
    if (h.sizeRule() == SizeRule.CONTENT) {
      return unmeasured("the size of the typical row is not known").iterator();
    }
    ExecutorEngine engine = ExecutorEngine.of(TaskContext.get().resourcesJMap(), networks);
    Size size = Sizing.working(Sizing.UNKNOWN_CONTENT, h);
    Precision precision = Sizing.precision(h, DeviceName.parse(engine.deviceName()));
    long fit = memory.bytes() / memory.needed(size, precision, h);
    int most = (int) Math.max(1, Math.min(MOST, fit));
    return List.of(engine.network(h.backbone()).batchCurve(h, size, most)).iterator();
  }
}
