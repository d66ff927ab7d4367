package nst.job;

import static java.util.Comparator.comparingDouble;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nst.job.task.TransferTask;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Runs one task for each batch, the most expensive first. Spark starts the tasks of a stage in the
 * order of their numbers, and adaptive execution does not change an RDD.
 */
final class Dispatch {
  private final SparkSession spark;
  private final Dataset<Row> todo;
  private final List<Batch> batches; // the most expensive first

  private record Batch(long number, long rows, double predictedSeconds) {}

  private Dispatch(SparkSession spark, Dataset<Row> todo, List<Batch> batches) {
    this.spark = spark;
    this.todo = todo;
    this.batches = batches;
  }

  /**
   * Collects the batches.
   *
   * @param todo plan rows with a batch
   */
  static Dispatch of(SparkSession spark, Dataset<Row> todo) {
    List<Batch> batches =
        todo.groupBy("batch").agg(count(lit(1)), sum("predicted_seconds")).collectAsList().stream()
            .map(row -> new Batch(row.getLong(0), row.getLong(1), row.getDouble(2)))
            .sorted(
                comparingDouble(Batch::predictedSeconds).reversed().thenComparing(Batch::number))
            .toList();
    return new Dispatch(spark, todo, batches);
  }

  long rows() {
    return batches.stream().mapToLong(Batch::rows).sum();
  }

  /** The predicted seconds on one device. */
  double predictedSeconds() {
    return batches.stream().mapToDouble(Batch::predictedSeconds).sum();
  }

  /** Runs the task for every batch and returns when all are done. */
  void run(TransferTask task) {
    HashMap<Long, Integer> rankOf = new HashMap<>();
    for (Batch batch : batches) {
      rankOf.put(batch.number(), rankOf.size());
    }
    Broadcast<Map<Long, Integer>> ranks =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(rankOf);
    String[] columns = TransferTask.COLUMNS.toArray(String[]::new);
    todo.select("batch", columns)
        .javaRDD()
        .mapToPair(row -> new Tuple2<>(ranks.value().get(row.getLong(0)), withoutFirst(row)))
        .partitionBy(new ByRank(batches.size()))
        .values()
        .foreachPartition(task);
  }

  private static Row withoutFirst(Row row) {
    Object[] values = new Object[row.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i + 1);
    }
    return org.apache.spark.sql.RowFactory.create(values);
  }

  /** Partitions batches so that the batch of rank n is task n. */
  private static final class ByRank extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int batches;

    ByRank(int batches) {
      this.batches = batches;
    }

    @Override
    public int numPartitions() {
      return batches;
    }

    @Override
    public int getPartition(Object rank) {
      return (Integer) rank;
    }
  }
}
