package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Hands batches to tasks, dearest first, a task each. Spark starts the tasks of a stage in the
 * order of their numbers, and adaptive execution does not reach into an RDD.
 */
final class Dispatch {
  private final SparkSession spark;

  Dispatch(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Runs the task over every batch, and comes back when all are done.
   *
   * @param todo plan rows with a batch
   */
  void run(Dataset<Row> todo, TransferTask task) {
    List<Row> batches =
        todo.groupBy("batch")
            .agg(sum("predicted_seconds").as("seconds"))
            .orderBy(col("seconds").desc(), col("batch"))
            .collectAsList();
    if (batches.isEmpty()) {
      return;
    }
    HashMap<Long, Integer> rankOf = new HashMap<>();
    for (Row batch : batches) {
      rankOf.put(batch.getLong(0), rankOf.size());
    }
    Broadcast<Map<Long, Integer>> ranks =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(rankOf);
    String[] columns = TransferTask.COLUMNS;
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

  /** The batch of rank n is task n. */
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
