package nst.job.manifest;

import java.io.Serializable;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A manifest's rows with their numbers, from 0: files in the order of their names, rows in the
 * order of their file. Parquet's footers say how many rows each file has, so nothing is read for it
 * and the numbers do not depend on how Spark cuts the files.
 */
public final class ManifestRows {
  private final Dataset<Row> rows;
  private final StructType schema;
  private final Map<String, Span> spans;
  private final long count;

  /** The numbers of a file's rows. */
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
   * @param rows as {@link ManifestReader} gives them
   * @param schema their columns, but for the last two
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

  public long count() {
    return count;
  }

  StructType schema() {
    return schema;
  }

  /** What becomes of a numbered row. */
  public interface RowFunction extends Serializable {
    /**
     * The row's own.
     *
     * @param row the manifest's columns in their order, and more behind them
     * @param number from 0
     */
    Row of(Row row, long number);
  }

  /** Each row's own, in no order. */
  public JavaRDD<Row> map(RowFunction function) {
    return rows.javaRDD().map(new Numbering(spans, schema.size(), function));
  }

  /** Numbers rows; those of a file come one after the other. */
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
                + ", was a row "
                + place);
      }
      return function.of(row, span.first() + place);
    }
  }
}
