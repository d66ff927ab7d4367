package nst.job.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import nst.model.TransferResult;
import nst.record.ResultJson;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * The results that tasks write during a run: a line of JSON for each row, in segment files. Object
 * stores cannot append to an object, so each flush writes a new segment. If a process ends before
 * it flushes a result, the record inside the image contains it.
 */
public final class Journal {
  /** The column of the key in {@link Tables#JOURNAL}. */
  public static final int KEY = Tables.JOURNAL.fieldIndex("key");

  private static final int STATUS = Tables.JOURNAL.fieldIndex("status");
  private static final int FINISHED_AT = Tables.JOURNAL.fieldIndex("finished_at");
  private static final int ATTEMPT = Tables.JOURNAL.fieldIndex("attempt");

  /** The final result of a key first. */
  private static final Comparator<Row> BY_PRECEDENCE =
      Comparator.<Row, Boolean>comparing(line -> "FAILED".equals(line.get(STATUS)))
          .thenComparing(line -> instant(line.get(FINISHED_AT)), latestFirst())
          .thenComparing(line -> (Integer) line.get(ATTEMPT), latestFirst());

  /** With more segments, tasks of Spark read them in parallel. */
  private static final int MAX_HELD_SEGMENTS = 32;

  private Journal() {}

  /**
   * Converts a timestamp of a table. Its class depends on Spark's configuration.
   *
   * @param value may be null
   */
  public static Instant instant(Object value) {
    return value instanceof Timestamp timestamp ? timestamp.toInstant() : (Instant) value;
  }

  private static <T extends Comparable<? super T>> Comparator<T> latestFirst() {
    return Comparator.nullsLast(Comparator.reverseOrder());
  }

  /** Writes the journal of one task attempt. Not thread-safe. */
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
     * Creates a writer.
     *
     * @param attempt the name of the task attempt, unique in the run
     * @param maxRows the largest number of rows in a segment
     * @param maxAge the age of the oldest row at which a segment is written
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
   * Reads the final result of each key. An image takes precedence over a failure, and a later
   * attempt over an earlier one. Empty if no task has written a result yet.
   *
   * @param rows the number of rows of the plan
   */
  public static RowTable read(
      SparkSession spark, ObjectStore store, OutputLayout layout, long rows) {
    List<String> segments = segments(store, layout);
    if (segments.isEmpty()) {
      return RowTable.held(spark, List.of(), Tables.JOURNAL);
    }
    if (RowTable.isSmall(spark, rows) && segments.size() <= MAX_HELD_SEGMENTS) {
      return RowTable.held(spark, last(lines(spark, store, segments)), Tables.JOURNAL);
    }
    RowTable lines =
        RowTable.of(
            spark.read().schema(Tables.JOURNAL).json(Globs.literal(layout.journal())), rows);
    return lines.isHeld()
        ? RowTable.held(spark, last(lines.rows()), Tables.JOURNAL)
        : RowTable.distributed(last(lines.dataset()));
  }

  /** The URIs of the first segments, one more than the driver reads. */
  private static List<String> segments(ObjectStore store, OutputLayout layout) {
    List<String> segments = new ArrayList<>();
    Iterator<String> all = store.list(layout.journal());
    while (all.hasNext() && segments.size() <= MAX_HELD_SEGMENTS) {
      segments.add(all.next());
    }
    return segments;
  }

  /** Reads the lines without a job of Spark, which would compile code for them. */
  private static List<Row> lines(SparkSession spark, ObjectStore store, List<String> segments) {
    List<String> lines =
        segments.stream()
            .flatMap(
                uri ->
                    new String(store.read(uri, Integer.MAX_VALUE), StandardCharsets.UTF_8).lines())
            .toList();
    return spark
        .createDataset(lines, Encoders.STRING())
        .select(from_json(col("value"), Tables.JOURNAL).as("line"))
        .collectAsList()
        .stream()
        .map(row -> row.getStruct(0))
        .toList();
  }

  private static List<Row> last(List<Row> lines) {
    Map<String, Row> last = new LinkedHashMap<>();
    lines.forEach(line -> last.merge(line.getString(KEY), line, Journal::last));
    return List.copyOf(last.values());
  }

  private static Row last(Row one, Row other) {
    return BY_PRECEDENCE.compare(other, one) < 0 ? other : one;
  }

  private static Dataset<Row> last(Dataset<Row> lines) {
    return lines
        .withColumn(
            "rank",
            row_number()
                .over(
                    Window.partitionBy("key")
                        .orderBy(
                            when(col("status").equalTo("FAILED"), 1).otherwise(0),
                            col("finished_at").desc(),
                            col("attempt").desc())))
        .where(col("rank").equalTo(1))
        .drop("rank");
  }
}
