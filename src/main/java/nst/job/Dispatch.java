package nst.job;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingDouble;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.table.RowTable;
import nst.job.task.TransferTask;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Runs one task for each batch, the most expensive first. Spark starts the tasks of a stage in the
 * order of their numbers, and adaptive execution does not change an RDD.
 */
final class Dispatch {
  private final JavaSparkContext context;
  private final RowTable todo;
  private final List<Batch> batches; // the most expensive first

  private record Batch(long number, long rows, double predictedSeconds) {
    Batch plus(Batch other) {
      return new Batch(number, rows + other.rows, predictedSeconds + other.predictedSeconds);
    }
  }

  private Dispatch(SparkSession spark, RowTable todo, List<Batch> batches) {
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.todo = todo;
    this.batches =
        batches.stream()
            .sorted(
                comparingDouble(Batch::predictedSeconds).reversed().thenComparing(Batch::number))
            .toList();
  }

  /**
   * Collects the batches.
   *
   * @param todo plan rows with a batch
   */
  static Dispatch of(SparkSession spark, RowTable todo) {
    return new Dispatch(spark, todo, todo.isHeld() ? held(todo) : distributed(todo.dataset()));
  }

  private static List<Batch> held(RowTable todo) {
    int number = todo.schema().fieldIndex("batch");
    int seconds = todo.schema().fieldIndex("predicted_seconds");
    Map<Long, Batch> batches = new TreeMap<>();
    for (Row row : todo.rows()) {
      batches.merge(
          row.getLong(number),
          new Batch(row.getLong(number), 1, row.getDouble(seconds)),
          Batch::plus);
    }
    return List.copyOf(batches.values());
  }

  private static List<Batch> distributed(Dataset<Row> todo) {
    return todo
        .groupBy("batch")
        .agg(count(lit(1)), sum("predicted_seconds"))
        .collectAsList()
        .stream()
        .map(row -> new Batch(row.getLong(0), row.getLong(1), row.getDouble(2)))
        .toList();
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
    if (todo.isHeld()) {
      runHeld(task, rankOf);
      return;
    }
    Broadcast<Map<Long, Integer>> ranks = context.broadcast(rankOf);
    String[] columns = TransferTask.COLUMNS.toArray(String[]::new);
    todo.dataset()
        .select("batch", columns)
        .javaRDD()
        .mapToPair(row -> new Tuple2<>(ranks.value().get(row.getLong(0)), withoutFirst(row)))
        .partitionBy(new ByRank(batches.size()))
        .values()
        .foreachPartition(task);
  }

  /** The rows of a batch are sent with its task. */
  private void runHeld(TransferTask task, Map<Long, Integer> rankOf) {
    int number = todo.schema().fieldIndex("batch");
    int[] columns =
        TransferTask.COLUMNS.stream().mapToInt(name -> todo.schema().fieldIndex(name)).toArray();
    List<ArrayList<Row>> inOrder = new ArrayList<>();
    batches.forEach(batch -> inOrder.add(new ArrayList<>()));
    int style = todo.schema().fieldIndex("style_group");
    List<Row> byStyle =
        todo.rows().stream().sorted(comparing((Row row) -> row.getString(style))).toList();
    for (Row row : byStyle) { // the targets of a style are computed once
      Object[] values = new Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.get(columns[i]);
      }
      inOrder.get(rankOf.get(row.getLong(number))).add(RowFactory.create(values));
    }
    context
        .parallelize(inOrder, inOrder.size()) // one batch in each partition
        .foreachPartition(partition -> task.call(partition.next().iterator()));
  }

  private static Row withoutFirst(Row row) {
    Object[] values = new Object[row.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i + 1);
    }
    return RowFactory.create(values);
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
