package nst.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import nst.image.ImageLimits;
import nst.image.codec.ImageDecoder;
import nst.job.executor.EngineConfig;
import nst.job.executor.ExecutorEngine;
import nst.job.network.ExecutionMode;
import nst.job.task.LocalTransfer;
import nst.model.ErrorCode;
import nst.model.LossSample;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferException;
import nst.model.TransferResult;
import nst.model.TransferResult.Failure;
import nst.storage.HadoopObjectStore;
import nst.storage.TimedObjectStore;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Spark task of {@link NstTransformer}: adds the pictures to the rows of a partition. */
final class StylizedRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(StylizedRows.class);

  private final String transformer;
  private final RowRequests requests;
  private final OutputColumns output;
  private final int batchSize;
  private final Broadcast<Map<String, byte[]>> styles;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * @param transformer its uid, recorded in the pictures
   * @param batchSize the rows in memory together
   * @param styles the bytes of the style images that the driver has read, by URI
   */
  StylizedRows(
      String transformer,
      RowRequests requests,
      OutputColumns output,
      int batchSize,
      Broadcast<Map<String, byte[]>> styles,
      Broadcast<SerializableConfiguration> hadoop) {
    this.transformer = transformer;
    this.requests = requests;
    this.output = output;
    this.batchSize = batchSize;
    this.styles = styles;
    this.hadoop = hadoop;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return rows.hasNext() ? new Batches(rows) : Collections.emptyIterator();
  }

  /** The rows of a partition with their pictures; a batch is computed when its first row is due. */
  private final class Batches implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Deque<Row> ready = new ArrayDeque<>();
    private final RowObjects objects;
    private final LocalTransfer transfer;
    private final ImageDecoder decoder;

    Batches(Iterator<Row> rows) {
      this.rows = rows;
      RunConfig config = requests.config();
      Configuration configuration = hadoop.value().value();
      this.objects =
          new RowObjects(
              styles.value(),
              new TimedObjectStore(
                  HadoopObjectStore.within(requests.policy(), configuration),
                  config.seconds(Setting.OBJECT_SECONDS)));
      this.transfer =
          LocalTransfer.on(
              ExecutorEngine.shared(
                  EngineConfig.of(config, requests.networks()),
                  ExecutorEngine.addresses(TaskContext.get().resourcesJMap()),
                  ExecutionMode.of(SparkEnv.get().conf().get("spark.master")),
                  new HadoopObjectStore(configuration)),
              SparkEnv.get().executorId(),
              config,
              requests.networks(),
              objects);
      this.decoder = new ImageDecoder(ImageLimits.of(config));
    }

    @Override
    public boolean hasNext() {
      return !ready.isEmpty() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (ready.isEmpty()) {
        compute();
      }
      return ready.remove();
    }

    private void compute() {
      List<Row> batch = new ArrayList<>();
      Map<String, Failure> failures = new HashMap<>();
      List<LocalTransfer.Item> items = new ArrayList<>();
      while (batch.size() < batchSize && rows.hasNext()) {
        String place = place(batch.size());
        Row row = rows.next();
        batch.add(row);
        try {
          items.add(new LocalTransfer.Item(requests.of(row, objects), place));
        } catch (TransferException e) {
          failures.put(place, new Failure(e.code(), e.getMessage()));
        } catch (RuntimeException e) {
          LOG.error("A row failed because of a bug: {}", Redactor.stackTrace(e));
          failures.put(place, new Failure(ErrorCode.INTERNAL, "Unexpected " + e));
        }
      }
      Map<String, TransferResult> results = new HashMap<>();
      transfer.run(transformer, items, new Results(results));
      for (int i = 0; i < batch.size(); i++) {
        ready.add(row(batch.get(i), place(i), failures, results));
      }
      objects.clear();
    }

    private static String place(int inBatch) {
      return "row:" + inBatch;
    }

    private Row row(
        Row input,
        String place,
        Map<String, Failure> failures,
        Map<String, TransferResult> results) {
      Failure failure = failures.get(place);
      TransferResult result = results.get(place);
      if (failure == null) {
        failure = result == null ? afterDeviceLost() : result.failure().orElse(null);
      }
      Object[] values = Arrays.copyOf(values(input), input.size() + output.count());
      int at = input.size();
      values[at++] = failure == null ? picture(result, place) : null;
      values[at++] = failure == null ? null : ResultColumns.error(failure);
      if (output.hasMetrics()) {
        values[at] =
            failure == null ? ResultColumns.metrics(result, result.image().orElseThrow()) : null;
      }
      return RowFactory.create(values);
    }

    private static Object[] values(Row row) {
      Object[] values = new Object[row.size()];
      Arrays.setAll(values, row::get);
      return values;
    }

    private static Failure afterDeviceLost() {
      return new Failure(
          ErrorCode.DEVICE_LOST, "Not computed: the device failed in a row before this one");
    }

    private Object picture(TransferResult result, String place) {
      byte[] encoded = objects.result(place).orElseThrow();
      return switch (output.type()) {
        case BINARY -> encoded;
        case IMAGE -> SparkImage.row(decoder.decode(encoded).image(), result.key());
      };
    }
  }

  /** Keeps the results by the place of their row. */
  private record Results(Map<String, TransferResult> results) implements LocalTransfer.Observer {
    @Override
    public void computed(LocalTransfer.Item item, LossSample sample, double share) {
      // only the result of a row is shown
    }

    @Override
    public void over(LocalTransfer.Item item, TransferResult result) {
      results.put(item.outputUri(), result);
    }
  }
}
