package nst.job.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import nst.model.TransferResult;
import nst.record.ResultJson;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * What tasks say while a run lasts: a line of JSON for each row, in segments that are written
 * whole. Object stores do not append, so each flush makes a new segment; a record that was not
 * flushed when its process died is inside its image.
 */
public final class Journal {
  private Journal() {}

  /** The journal of one task attempt. Not for several threads. */
  public static final class Writer implements AutoCloseable {
    private final ObjectStore store;
    private final String prefix;
    private final int maxRows;
    private final Duration maxAge;
    private final StringBuilder lines = new StringBuilder();
    private int rows;
    private int segments;
    private long oldestNanos;

    /**
     * @param attempt names the task attempt; no two in a run have the same
     */
    public Writer(
        ObjectStore store, OutputLayout layout, String attempt, int maxRows, Duration maxAge) {
      this.store = store;
      this.prefix = layout.journal() + "/segment-" + attempt + "-";
      this.maxRows = maxRows;
      this.maxAge = maxAge;
    }

    public void append(TransferResult result) {
      if (rows == 0) {
        oldestNanos = System.nanoTime();
      }
      lines.append(ResultJson.write(result)).append('\n');
      rows++;
      if (rows >= maxRows || System.nanoTime() - oldestNanos >= maxAge.toNanos()) {
        flush();
      }
    }

    void flush() {
      if (rows > 0) {
        String uri = prefix + String.format(Locale.ROOT, "%06d", segments) + ".jsonl";
        store.write(uri, lines.toString().getBytes(StandardCharsets.UTF_8));
        segments++;
        rows = 0;
        lines.setLength(0);
      }
    }

    @Override
    public void close() {
      flush();
    }
  }

  /**
   * The last word on each key: an image that was made beats a failure, a later try an earlier one.
   * Empty where no task has written yet.
   */
  public static Dataset<Row> read(SparkSession spark, ObjectStore store, OutputLayout layout) {
    if (!store.list(layout.journal()).hasNext()) {
      return spark.createDataFrame(java.util.List.of(), Tables.JOURNAL);
    }
    Dataset<Row> lines = spark.read().schema(Tables.JOURNAL).json(Globs.literal(layout.journal()));
    return lines
        .withColumn(
            "word",
            row_number()
                .over(
                    Window.partitionBy("key")
                        .orderBy(
                            when(col("status").equalTo("FAILED"), 1).otherwise(0),
                            col("finished_at").desc(),
                            col("attempt").desc())))
        .where(col("word").equalTo(1))
        .drop("word");
  }
}
