package nst.job.manifest;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import nst.job.source.TableFormat;
import nst.job.table.Columns;
import nst.job.table.Globs;
import nst.job.table.RowTable;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetInputFormat;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the files of a manifest as one table. Files with the same stored columns are read together;
 * then the values are converted to the manifest's types.
 */
final class ManifestReader {
  /** The columns that follow those of the manifest. */
  static final String FILE = "file_path";

  static final String INDEX = "row_index";
  static final String FAULT = "fault";

  private static final String METADATA = "_metadata";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_DAY = 24 * 3600 * NANOS_PER_SECOND;

  private final SparkSession spark;
  private final ManifestSchema schema;
  private final Map<String, Map<String, String>> folderValues = new LinkedHashMap<>();

  private ManifestReader(SparkSession spark, ManifestSchema schema, ManifestFiles files) {
    this.spark = spark;
    this.schema = schema;
    for (String name : schema.folders()) {
      Map<String, String> byFile = new HashMap<>();
      files.files().forEach(file -> byFile.put(key(file.path()), file.folders().get(name)));
      folderValues.put(name, byFile);
    }
  }

  /**
   * Reads the rows of all files, in no particular order.
   *
   * @return the columns of the schema, then the file's path, the row's index in the file, and the
   *     fault of a row that cannot be read
   */
  static Dataset<Row> read(
      SparkSession spark,
      ManifestFiles files,
      List<ManifestFooter> footers,
      ManifestSchema schema) {
    SparkSession session = spark.newSession();
    RowTable.prepare(session, footers.stream().mapToLong(ManifestFooter::rows).sum());
    // Spark's vectorized reader loops forever if a page has fewer values than its header says, and
    // does not support all encodings. Parquet's own reader reports such a page.
    session.conf().set("spark.sql.parquet.enableVectorizedReader", false);
    boolean isParquet = footers.get(0).format() == TableFormat.PARQUET;
    Map<List<ManifestColumn>, List<Path>> alike = new LinkedHashMap<>();
    for (int i = 0; i < footers.size(); i++) {
      alike
          .computeIfAbsent(stored(footers.get(i).columns()), columns -> new ArrayList<>())
          .add(files.files().get(i).path());
    }
    ManifestReader reader = new ManifestReader(session, schema, files);
    return alike.entrySet().stream()
        .map(
            group ->
                isParquet
                    ? reader.parquet(group.getKey(), group.getValue())
                    : reader.text(group.getKey(), group.getValue()))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  /**
   * The properties that decide how a file is read. They do not include the values, such as whether
   * all are null.
   */
  private static List<ManifestColumn> stored(List<ManifestColumn> columns) {
    return columns.stream()
        .map(c -> new ManifestColumn(c.name(), c.stored(), c.form(), c.stored(), true))
        .toList();
  }

  private Dataset<Row> parquet(List<ManifestColumn> columns, List<Path> paths) {
    StructType stored = new StructType();
    for (ManifestColumn column : columns) {
      stored = stored.add(column.name(), column.stored(), true);
    }
    Dataset<Row> rows =
        spark
            .read()
            .option(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, true)
            .schema(stored)
            .parquet(
                paths.stream().map(path -> Globs.literal(path.toString())).toArray(String[]::new));
    Column metadata = rows.metadataColumn(METADATA);
    return rows.select(
        selected(
            columns,
            name -> rows.col(Columns.quoted(name)),
            metadata.getField(FILE),
            metadata.getField(INDEX),
            lit(null).cast(DataTypes.StringType)));
  }

  private Dataset<Row> text(List<ManifestColumn> columns, List<Path> paths) {
    Dataset<Row> rows = TextRows.read(spark, columns, paths);
    return rows.select(
        selected(
            columns,
            name -> rows.col(TextRows.COLUMNS).getField(name),
            rows.col(FILE),
            rows.col(INDEX),
            rows.col(FAULT)));
  }

  /** The columns of the manifest and those that follow. */
  private Column[] selected(
      List<ManifestColumn> columns,
      Function<String, Column> stored,
      Column file,
      Column index,
      Column fault) {
    Map<String, ManifestColumn> byName = new HashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    List<Column> selected = new ArrayList<>();
    for (StructField field : schema.columns().fields()) {
      DataType type = Widening.withoutNullType(field.dataType(), DataTypes.StringType);
      Column values;
      if (schema.folders().contains(field.name())) {
        values = folder(file, folderValues.get(field.name()));
      } else if (!byName.containsKey(field.name()) || field.dataType().equals(DataTypes.NullType)) {
        values = lit(null).cast(type);
      } else {
        values = values(stored.apply(field.name()), byName.get(field.name()), type);
      }
      selected.add(values.as(field.name()));
    }
    selected.add(file.as(FILE));
    selected.add(index.as(INDEX));
    selected.add(fault.as(FAULT));
    return selected.toArray(new Column[0]);
  }

  /** Converts a column of one file to the manifest's type. */
  private static Column values(Column stored, ManifestColumn column, DataType to) {
    return switch (column.form()) {
      case PLAIN -> Widening.as(stored, column.stored(), to);
      case UUID -> call(ManifestReader::uuid, DataTypes.StringType, stored);
      case TIME_MILLIS ->
          call((Integer time) -> time(time, 1_000_000), DataTypes.StringType, stored);
      case TIME_MICROS -> call((Long time) -> time(time, 1000), DataTypes.StringType, stored);
      case TIME_NANOS -> call((Long time) -> time(time, 1), DataTypes.StringType, stored);
      case TIMESTAMP_NANOS -> call(ManifestReader::instant, DataTypes.TimestampType, stored);
      case LOCAL_TIMESTAMP_NANOS ->
          call(
              (Long nanos) -> LocalDateTime.ofInstant(instant(nanos), ZoneOffset.UTC),
              DataTypes.TimestampNTZType,
              stored);
    };
  }

  private static <T> Column call(UDF1<T, ?> function, DataType type, Column argument) {
    UDF1<T, Object> nullSafe = value -> value == null ? null : function.call(value);
    return udf(nullSafe, type).apply(argument);
  }

  private static String uuid(byte[] bytes) {
    java.nio.ByteBuffer halves = java.nio.ByteBuffer.wrap(bytes);
    return new UUID(halves.getLong(), halves.getLong()).toString();
  }

  /**
   * The text of a time of day. DuckDB also has 24:00:00. A number that is not a time of day is kept
   * as it is, so that it does not end the run.
   */
  private static String time(long units, long nanosPerUnit) {
    long day = NANOS_PER_DAY / nanosPerUnit;
    if (units == day) {
      return "24:00:00";
    }
    return units < 0 || units > day
        ? Long.toString(units)
        : LocalTime.ofNanoOfDay(units * nanosPerUnit)
            .format(java.time.format.DateTimeFormatter.ISO_LOCAL_TIME);
  }

  /** Rounds down to microseconds, the precision of Spark's timestamps. */
  private static Instant instant(Long nanos) {
    return Instant.ofEpochSecond(
            Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND))
        .truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }

  private static Column folder(Column file, Map<String, String> byFile) {
    UDF1<String, Object> value = path -> byFile.get(key(new Path(java.net.URI.create(path))));
    return udf(value, DataTypes.StringType).apply(file);
  }

  /** The canonical text of a file's path. Spark writes paths in different ways. */
  static String key(Path file) {
    return file.toUri().getScheme() + ":" + file.toUri().getRawPath();
  }
}
