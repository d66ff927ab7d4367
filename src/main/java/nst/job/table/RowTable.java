package nst.job.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * A table whose rows the driver holds if they are few. A Spark job for a dozen rows takes a hundred
 * times as long as a loop over them. Rows of a large table stay in Spark.
 */
public final class RowTable {
  /**
   * Spark's configuration key for the largest number of rows that the driver holds. Tests set it to
   * 0 to leave all rows in Spark.
   */
  public static final String LIMIT = "spark.nst.driver.rows";

  private static final String DEFAULT_LIMIT = "1000";

  /** Spark's configuration key for compiled or interpreted code. */
  private static final String CODE = "spark.sql.codegen.factoryMode";

  private static final String INTERPRETED = "NO_CODEGEN";

  /** The largest size of a held table. A column may contain whole photos. */
  private static final long MAX_BYTES = 32L << 20;

  private final SparkSession spark;
  private final StructType schema;
  private final Optional<List<Row>> held;
  private Optional<Dataset<Row>> table;

  private RowTable(
      SparkSession spark,
      StructType schema,
      Optional<List<Row>> held,
      Optional<Dataset<Row>> table) {
    this.spark = spark;
    this.schema = schema;
    this.held = held;
    this.table = table;
  }

  /** A table whose rows stay in Spark. */
  public static RowTable distributed(Dataset<Row> table) {
    return new RowTable(table.sparkSession(), table.schema(), Optional.empty(), Optional.of(table));
  }

  /**
   * A table whose rows the driver holds.
   *
   * @param schema the columns; all are nullable in the table, as in one that was read from files
   */
  public static RowTable held(SparkSession spark, List<Row> rows, StructType schema) {
    return new RowTable(spark, nullable(schema), Optional.of(List.copyOf(rows)), Optional.empty());
  }

  /**
   * A table whose rows the driver reads and holds if they are few.
   *
   * @param count the number of rows
   */
  public static RowTable of(Dataset<Row> table, long count) {
    return few(table.sparkSession(), rows(table), table.schema(), count)
        .map(rows -> held(table.sparkSession(), rows, table.schema()))
        .orElseGet(() -> distributed(table));
  }

  /** Whether a table with this many rows is small enough for the driver. */
  public static boolean isSmall(SparkSession spark, long count) {
    return count <= Long.parseLong(spark.conf().get(LIMIT, DEFAULT_LIMIT));
  }

  /**
   * Sets whether a session compiles the code of its queries. For few rows this takes longer than
   * the query. The setting is one of Spark's internal ones, whose effect is documented: the same
   * results, by interpreted code.
   *
   * @param count the number of rows of the tables
   */
  public static void prepare(SparkSession session, long count) {
    if (session.sparkContext().conf().contains(CODE)) {
      return; // the user has set it
    }
    boolean interpret = isSmall(session, count);
    if (interpret) {
      session.conf().set(CODE, INTERPRETED);
    } else {
      session.conf().unset(CODE);
    }
    // Spark does not pass the session's setting to the tasks of an RDD.
    session.sparkContext().setLocalProperty(CODE, interpret ? INTERPRETED : null);
  }

  /**
   * The rows of a table, as {@link Dataset#javaRDD} gives them. That method compiles code whatever
   * the session's setting is; loading the compiler takes a second.
   */
  public static JavaRDD<Row> rows(Dataset<Row> table) {
    if (!table.sparkSession().conf().get(CODE).equals(INTERPRETED)) {
      return table.javaRDD();
    }
    Function1<Object, Object> converter =
        CatalystTypeConverters.createToScalaConverter(table.schema());
    return table.queryExecution().toRdd().toJavaRDD().map(row -> (Row) converter.apply(row));
  }

  /**
   * Collects rows if they are few.
   *
   * @param schema their columns; they may have others with short values
   * @param count the number of rows
   */
  public static Optional<List<Row>> few(
      SparkSession spark, JavaRDD<Row> rows, StructType schema, long count) {
    if (!isSmall(spark, count) || Arrays.stream(schema.fields()).anyMatch(RowTable::hidesBytes)) {
      return Optional.empty();
    }
    long share = MAX_BYTES / Math.max(1, rows.getNumPartitions());
    List<Row> collected =
        rows.mapPartitions(partition -> (Iterator<Row>) new Bounded(partition, share)).collect();
    return collected.stream().anyMatch(Objects::isNull)
        ? Optional.empty()
        : Optional.of(new ArrayList<>(collected));
  }

  /** Whether a column contains bytes whose number {@link Bounded} cannot see. */
  private static boolean hidesBytes(StructField column) {
    DataType type = column.dataType();
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields()).anyMatch(RowTable::hidesBytes);
    }
    return (type instanceof ArrayType || type instanceof MapType)
        && type.catalogString().contains(DataTypes.BinaryType.catalogString());
  }

  /** The rows of a partition; null instead of the rest if they are too large. */
  private static final class Bounded implements Iterator<Row> {
    private final Iterator<Row> rows;
    private long left;

    Bounded(Iterator<Row> rows, long bytes) {
      this.rows = rows;
      this.left = bytes;
    }

    @Override
    public boolean hasNext() {
      return left >= 0 && rows.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Row row = rows.next();
      left -= bytes(row);
      return left < 0 ? null : row;
    }

    private static long bytes(Row row) {
      long sum = 0;
      for (int i = 0; i < row.size(); i++) {
        Object value = row.get(i);
        if (value instanceof Row part) {
          sum += bytes(part);
        } else if (value instanceof byte[] binary) {
          sum += binary.length;
        } else if (value != null) {
          sum += value.toString().getBytes(UTF_8).length;
        }
      }
      return sum;
    }
  }

  /** Whether the driver holds the rows. */
  public boolean isHeld() {
    return held.isPresent();
  }

  /**
   * The held rows.
   *
   * @throws NoSuchElementException if they are not held
   */
  public List<Row> rows() {
    return held.orElseThrow();
  }

  /** The same held rows with the classes and the schema of rows that Spark reads from a file. */
  RowTable asRead() {
    Function1<Object, Object> write = CatalystTypeConverters.createToCatalystConverter(schema);
    Function1<Object, Object> read = CatalystTypeConverters.createToScalaConverter(schema);
    return held(
        spark, rows().stream().map(row -> (Row) read.apply(write.apply(row))).toList(), schema);
  }

  /** The same table; if its rows stay in Spark, they are computed only once. */
  public RowTable persisted() {
    if (!isHeld()) {
      dataset().persist();
    }
    return this;
  }

  /** Ends the effect of {@link #persisted}. A later table of the same files would use its rows. */
  public void unpersist() {
    if (!isHeld()) {
      dataset().unpersist();
    }
  }

  /** The rows as a table of Spark; held rows are one partition, and so one file. */
  public Dataset<Row> dataset() {
    if (table.isEmpty()) {
      table = Optional.of(spark.createDataFrame(rows(), schema).coalesce(1));
    }
    return table.get();
  }

  public StructType schema() {
    return schema;
  }

  SparkSession spark() {
    return spark;
  }

  /** The same columns, all of which may be null. */
  static StructType nullable(StructType schema) {
    StructType nullable = new StructType();
    for (StructField field : schema.fields()) {
      nullable =
          nullable.add(
              new StructField(field.name(), nullable(field.dataType()), true, field.metadata()));
    }
    return nullable;
  }

  private static DataType nullable(DataType type) {
    if (type instanceof StructType struct) {
      return nullable(struct);
    }
    if (type instanceof ArrayType array) {
      return DataTypes.createArrayType(nullable(array.elementType()), true);
    }
    if (type instanceof MapType map) {
      return DataTypes.createMapType(nullable(map.keyType()), nullable(map.valueType()), true);
    }
    return type;
  }
}
