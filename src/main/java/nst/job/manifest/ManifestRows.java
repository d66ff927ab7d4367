package nst.job.manifest;

import static java.util.Comparator.comparingLong;

import java.io.Serializable;
import java.net.URI;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.table.RowTable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a manifest, numbered from 0 in the order of the file names and of the rows in each
 * file. The row counts are known from the Parquet footers or from a first reading of text files, so
 * numbering reads no data and does not depend on how Spark splits the files.
 */
public final class ManifestRows {
  private final Dataset<Row> rows;
  private final StructType schema;
  private final Map<String, Span> spans;
  private final long count;

  /** The rows with their numbers, if the driver holds them; null before they are needed. */
  private Optional<List<Row>> held;

  /** The range of row numbers of a file. */
  private record Span(long first, long rows) implements Serializable {}

  private ManifestRows(Dataset<Row> rows, StructType schema, Map<String, Span> spans, long count) {
    this.rows = rows;
    this.schema = schema;
    this.spans = spans;
    this.count = count;
  }

  /**
   * Numbers rows.
   *
   * @param rows the rows from {@link ManifestReader}
   * @param schema their columns without the last three
   */
  static ManifestRows of(
      Dataset<Row> rows, StructType schema, ManifestFiles files, List<ManifestFooter> footers) {
    Map<String, Span> spans = new HashMap<>();
    long first = 0;
    for (int i = 0; i < footers.size(); i++) {
      long inFile = footers.get(i).rows();
      spans.put(ManifestReader.key(files.files().get(i).path()), new Span(first, inFile));
      first += inFile;
    }
    return new ManifestRows(rows, schema, spans, first);
  }

  /**
   * Rows that are numbered in their column {@link ManifestReader#INDEX}.
   *
   * @param where stands for the file of all rows
   */
  static ManifestRows of(Dataset<Row> rows, StructType schema, Path where, long count) {
    return new ManifestRows(
        rows, schema, Map.of(ManifestReader.key(where), new Span(0, count)), count);
  }

  public long count() {
    return count;
  }

  StructType schema() {
    return schema;
  }

  /** A function of a numbered row. */
  public interface RowFunction extends Serializable {
    /**
     * Maps a row.
     *
     * @param row the columns of the manifest in order, followed by others
     * @param number the row's number, from 0
     */
    Row of(Row row, long number);
  }

  /**
   * Maps each row in the driver, if the rows are few. They are read once for all functions.
   *
   * @return the results in the order of the manifest; empty if the rows are not few
   */
  public Optional<List<Row>> mapFew(RowFunction function) {
    if (held == null) {
      SparkSession spark = rows.sparkSession();
      held =
          RowTable.few(spark, map((row, number) -> RowFactory.create(row, number)), schema, count);
      held.ifPresent(numbered -> numbered.sort(comparingLong(row -> row.getLong(1))));
    }
    return held.map(
        numbered ->
            numbered.stream().map(row -> function.of(row.getStruct(0), row.getLong(1))).toList());
  }

  /** Maps each row in Spark; the results are in no particular order. */
  public JavaRDD<Row> map(RowFunction function) {
    return RowTable.rows(rows)
        .mapPartitions(DamageGuard::new)
        .map(new Numbering(spans, schema.size(), function));
  }

  /**
   * Reports damage as a fault of its file. Spark names the file only if a page cannot be decoded,
   * and not if it refuses the footer. If a page does not fit into memory, because its header is
   * damaged, Spark would end the process.
   */
  private record DamageGuard(Iterator<Row> rows) implements Iterator<Row> {
    @Override
    public boolean hasNext() {
      try {
        return rows.hasNext();
      } catch (OutOfMemoryError e) {
        if (file().isEmpty()) { // no file is read by Spark
          throw e;
        }
        throw new ManifestFault.DamagedFileException(file(), e);
      } catch (Exception e) { // Scala code throws checked exceptions without declaring them
        if (ManifestFault.isThrownByParquet(e)) {
          throw new ManifestFault.DamagedFileException(file(), e);
        }
        throw e;
      }
    }

    @Override
    public Row next() {
      return rows.next();
    }

    /** The encoded URI of the file that this task reads. */
    private static String file() {
      return InputFileBlockHolder.getInputFilePath().toString();
    }
  }

  /** Numbers rows. It caches the current file, because the rows of a file are consecutive. */
  private static final class Numbering implements Function<Row, Row> {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, Span> spans;
    private final int fileColumn;
    private final RowFunction function;
    private String file = "";
    private Span span = new Span(0, 0);

    Numbering(Map<String, Span> spans, int fileColumn, RowFunction function) {
      this.spans = new HashMap<>(spans);
      this.fileColumn = fileColumn;
      this.function = function;
    }

    @Override
    public Row call(Row row) {
      String ofRow = row.getString(fileColumn);
      if (!ofRow.equals(file)) {
        span = spans.getOrDefault(ManifestReader.key(new Path(URI.create(ofRow))), new Span(0, 0));
        file = ofRow;
      }
      long place = row.getLong(fileColumn + 1);
      if (place >= span.rows()) {
        throw new IllegalStateException(
            "The manifest changed while it was read: expected "
                + span.rows()
                + " rows in "
                + ofRow
                + ", found row "
                + place);
      }
      return function.of(row, span.first() + place);
    }
  }
}
