package nst.job.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.StringJoiner;
import nst.job.source.Cell;
import nst.job.source.InvalidTableException;
import nst.job.source.TextFile;
import nst.job.source.TextRecord;
import nst.job.source.TextRecords;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/** Reads the rows of text files, each file in one task. */
final class TextRows {
  /** The name of the struct with the columns of the file. */
  static final String COLUMNS = "columns";

  private TextRows() {}

  /**
   * Reads files that have the same columns.
   *
   * @param paths of the files
   * @return the columns as a struct, then the file's path as an encoded URI, the row's index in the
   *     file, and the fault of a row that cannot be read
   */
  static Dataset<Row> read(SparkSession spark, List<ManifestColumn> columns, List<Path> paths) {
    StructType values = new StructType();
    for (ManifestColumn column : columns) {
      values = values.add(column.name(), column.stored(), true);
    }
    StructType schema =
        new StructType()
            .add(COLUMNS, values)
            .add(ManifestReader.FILE, DataTypes.StringType)
            .add(ManifestReader.INDEX, DataTypes.LongType)
            .add(ManifestReader.FAULT, DataTypes.StringType);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var hadoop =
        context.broadcast(
            new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    List<ManifestColumn> serializable = List.copyOf(columns);
    return spark.createDataFrame(
        context
            .parallelize(paths.stream().map(Path::toString).toList(), paths.size())
            .flatMap(path -> new Rows(path, serializable, hadoop.value().value())),
        schema);
  }

  /** The rows of a file. */
  private static final class Rows implements Iterator<Row> {
    private final String file;
    private final List<ManifestColumn> columns;
    private final TextRecords records;
    private Optional<TextRecord> next;
    private long index;

    Rows(String path, List<ManifestColumn> columns, Configuration hadoop) {
      Path named = new Path(path);
      this.file = named.toUri().toString();
      this.columns = columns;
      try {
        TextFile opened = TextFile.open(named, hadoop);
        TaskContext.get()
            .addTaskCompletionListener((TaskCompletionListener) context -> close(opened));
        this.records = opened.records();
      } catch (IOException | InvalidTableException e) {
        throw changed(e);
      }
      this.next = read();
    }

    private static void close(TextFile file) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Optional<TextRecord> read() {
      try {
        return records.next();
      } catch (IOException | InvalidTableException e) {
        throw changed(e);
      }
    }

    /** The file was read once before, without a fault. */
    private IllegalStateException changed(Exception e) {
      return new IllegalStateException("Cannot read " + file + " again: " + e.getMessage(), e);
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Row next() {
      TextRecord record = next.orElseThrow(NoSuchElementException::new);
      next = read();
      Object[] values = new Object[columns.size()];
      StringJoiner faults = new StringJoiner("; ");
      if (!record.fault().isEmpty()) {
        faults.add(record.fault());
      }
      for (int i = 0; i < values.length; i++) {
        Cell cell = record.cells().get(columns.get(i).name());
        try {
          values[i] = cell == null ? null : TextColumns.value(columns.get(i), cell);
        } catch (IllegalArgumentException e) {
          faults.add("column " + columns.get(i).name() + ": " + e.getMessage());
        }
      }
      return RowFactory.create(
          RowFactory.create(values),
          file,
          index++,
          faults.length() == 0 ? null : "line " + record.line() + ": " + faults);
    }
  }
}
