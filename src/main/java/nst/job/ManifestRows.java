package nst.job;

import static org.apache.spark.sql.functions.lit;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A manifest's rows with their numbers, from 0 in the order of the manifest. Parquet's footers say
 * how many rows each partition has, so nothing is read twice for it.
 */
final class ManifestRows {
  private final Dataset<Row> rows;

  /** The number of each partition's first row, and after them the number of all rows. */
  private final long[] first;

  private ManifestRows(Dataset<Row> rows, long[] first) {
    this.rows = rows;
    this.first = first;
  }

  static ManifestRows of(Dataset<Row> rows) {
    List<Long> counts =
        rows.select(lit(1)) // no column of the manifest
            .javaRDD()
            .mapPartitions(partition -> List.of(count(partition)).iterator())
            .collect();
    long[] first = new long[counts.size() + 1];
    for (int partition = 0; partition < counts.size(); partition++) {
      first[partition + 1] = first[partition] + counts.get(partition);
    }
    return new ManifestRows(rows, first);
  }

  private static long count(Iterator<Row> rows) {
    long count = 0;
    for (; rows.hasNext(); rows.next()) {
      count++;
    }
    return count;
  }

  long count() {
    return first[first.length - 1];
  }

  /** What becomes of a numbered row. */
  interface RowFunction extends Serializable {
    Row of(Row row, long number);
  }

  /** Each row's own, partitioned as the manifest is and in its order. */
  JavaRDD<Row> map(RowFunction function) {
    return rows.javaRDD().mapPartitionsWithIndex(new Numbering(first, function), true);
  }

  /** Numbers the rows of a partition. */
  private static final class Numbering implements Function2<Integer, Iterator<Row>, Iterator<Row>> {
    private static final long serialVersionUID = 1L;
    private final long[] first;
    private final RowFunction function;

    Numbering(long[] first, RowFunction function) {
      this.first = first;
      this.function = function;
    }

    @Override
    public Iterator<Row> call(Integer partition, Iterator<Row> rows) {
      return new Iterator<>() {
        private final long end = first[partition + 1];
        private long number = first[partition];

        @Override
        public boolean hasNext() {
          boolean more = rows.hasNext();
          if (more == (number == end)) {
            throw new IllegalStateException(
                "The manifest changed while it was read: expected "
                    + (end - first[partition])
                    + " rows in partition "
                    + partition);
          }
          return more;
        }

        @Override
        public Row next() {
          return function.of(rows.next(), number++);
        }
      };
    }
  }
}
