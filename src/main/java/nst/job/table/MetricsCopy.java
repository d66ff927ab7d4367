package nst.job.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nst.job.executor.JobFailedException;
import nst.model.Causes;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Setting;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of Delta Lake or Iceberg that gets a copy of the rows of {@code metrics} ({@link
 * Setting#METRICS_TABLE}). The rows of a run are replaced in one commit, so a run that is repeated
 * has them once. The table's format is only known to Spark.
 */
public final class MetricsCopy {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsCopy.class);

  private static final String RUN_DATE = "run_date";
  private static final String RUN_ID = "run_id";

  /** Formats that can replace the rows of a run in one commit. */
  private static final Set<String> FORMATS = Set.of("delta", "iceberg");

  /** Spark's setting for the format of tables that are created without one. */
  private static final String DEFAULT_FORMAT = "spark.sql.sources.default";

  private final String table;
  private final StructType columns;
  private final StructType target;

  /**
   * @param columns those that this run writes
   * @param target those of the table
   */
  private MetricsCopy(String table, StructType columns, StructType target) {
    this.table = table;
    this.columns = columns;
    this.target = target;
  }

  /**
   * Opens the table before a row is computed, and creates it if it does not exist.
   *
   * @param table its name; empty for none
   * @param metrics the columns of {@code metrics}
   * @throws InvalidInputException if there is no such catalogue, or the table cannot have the rows
   */
  public static Optional<MetricsCopy> open(SparkSession spark, String table, StructType metrics) {
    if (table.isEmpty()) {
      return Optional.empty();
    }
    requireFree(metrics);
    StructType columns = columns(metrics);
    StructType target;
    List<Row> description;
    try {
      if (!spark.catalog().tableExists(table)) {
        create(spark, table, columns);
      }
      target = spark.table(table).schema();
      description = spark.sql("DESCRIBE TABLE EXTENDED " + table).collectAsList();
    } catch (Exception | LinkageError e) { // Spark throws checked exceptions without declaring them
      throw new InvalidInputException(
          "configuration",
          Setting.METRICS_TABLE.key(),
          "expected a table of Delta Lake or Iceberg, was "
              + table
              + ": "
              + reason(e)
              + ". Name its catalogue and jar in Spark's configuration, before --; see"
              + " docs/outputs.md, Delta Lake and Iceberg");
    }
    Problems problems = new Problems();
    checkFormat(table, description, problems);
    checkColumns(table, columns, target, problems);
    problems.throwIfAny();
    return Optional.of(new MetricsCopy(table, columns, target));
  }

  private static void requireFree(StructType metrics) {
    Problems problems = new Problems();
    Stream.of(metrics.fieldNames())
        .filter(name -> name.equalsIgnoreCase(RUN_DATE) || name.equalsIgnoreCase(RUN_ID))
        .forEach(
            name ->
                problems.add(
                    "MANIFEST",
                    name,
                    "The table of metrics.table has a column of this name. Rename your column."));
    problems.throwIfAny();
  }

  private static StructType columns(StructType metrics) {
    StructType columns =
        new StructType().add(RUN_DATE, DataTypes.DateType).add(RUN_ID, DataTypes.StringType);
    for (StructField field : metrics.fields()) {
      columns = columns.add(field.name(), field.dataType(), true);
    }
    return columns;
  }

  /**
   * Creates the table. Each run is a partition: Iceberg can only replace whole files, and runs that
   * end at the same time do not conflict.
   */
  private static void create(SparkSession spark, String table, StructType columns) {
    CreateTableWriter<Row> writer =
        spark
            .createDataFrame(List.<Row>of(), RowTable.nullable(columns))
            .writeTo(table)
            .partitionedBy(col(RUN_ID));
    Optional<String> format = format(spark, table);
    if (format.isPresent()) {
      writer = writer.using(format.get());
    }
    try {
      writer.create();
    } catch (TableAlreadyExistsException e) {
      LOG.info("Another run has just created {}", table);
    }
  }

  /**
   * The format of a new table, where the catalogue does not have one format only: the first part of
   * the name of a path, or what Spark's configuration says.
   */
  private static Optional<String> format(SparkSession spark, String table) {
    String first = table.split("[.]", 2)[0].replace("`", "").toLowerCase(Locale.ROOT);
    SparkConf conf = spark.sparkContext().conf();
    if (FORMATS.contains(first)) {
      return Optional.of(first);
    }
    boolean isOfCatalogue =
        !first.equals("spark_catalog") && conf.contains("spark.sql.catalog." + first);
    return isOfCatalogue || !conf.contains(DEFAULT_FORMAT)
        ? Optional.empty()
        : Optional.of(conf.get(DEFAULT_FORMAT));
  }

  /** The message of Spark, and that of its cause where Spark's does not contain it. */
  private static String reason(Throwable e) {
    String said =
        String.valueOf(e.getMessage())
            .lines()
            .filter(line -> !line.isBlank())
            .findFirst()
            .orElse("");
    String cause = Causes.message(e);
    String all = e instanceof Error || said.isEmpty() ? cause : said;
    return (all.contains(cause) ? all : all + ": " + cause).replaceAll("[.;:]+$", "");
  }

  private static void checkFormat(String table, List<Row> description, Problems problems) {
    String format =
        description.stream()
            .filter(row -> "Provider".equals(row.getString(0)))
            .map(row -> row.getString(1).toLowerCase(Locale.ROOT))
            .findFirst()
            .orElse("none");
    if (!FORMATS.contains(format)) {
      problems.add(
          "configuration",
          Setting.METRICS_TABLE.key(),
          "expected a table of Delta Lake or Iceberg, was " + table + " with the format " + format);
    } else if (format.equals("iceberg") && !isPartitionedByRun(description)) {
      problems.add(
          "configuration",
          Setting.METRICS_TABLE.key(),
          "expected a table that is partitioned by run_id, because Iceberg replaces whole files;"
              + " was "
              + table
              + ". ALTER TABLE "
              + table
              + " ADD PARTITION FIELD run_id");
    }
  }

  /**
   * Whether the column is listed a second time, as a partition. With transforms of other columns,
   * Spark lists partitions as {@code Part 0}.
   */
  private static boolean isPartitionedByRun(List<Row> description) {
    return description.stream().filter(row -> RUN_ID.equals(row.getString(0))).count() > 1
        || description.stream()
            .anyMatch(
                row -> row.getString(0).startsWith("Part ") && RUN_ID.equals(row.getString(1)));
  }

  private static void checkColumns(
      String table, StructType columns, StructType target, Problems problems) {
    TreeMap<String, StructField> there = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Arrays.stream(target.fields()).forEach(field -> there.put(field.name(), field));
    List<StructField> missing = new ArrayList<>();
    for (StructField column : columns.fields()) {
      StructField other = there.remove(column.name());
      if (other == null) {
        missing.add(column);
      } else if (!Cast.canUpCast(column.dataType(), other.dataType())) {
        problems.add(
            table,
            column.name(),
            "expected " + column.dataType().sql() + ", was " + other.dataType().sql());
      }
    }
    if (!missing.isEmpty()) {
      problems.add(
          table,
          "",
          "expected all columns of metrics, was without "
              + missing.stream().map(StructField::name).collect(Collectors.joining(", "))
              + ". ALTER TABLE "
              + table
              + " ADD COLUMNS ("
              + missing.stream()
                  .map(field -> Columns.quoted(field.name()) + " " + field.dataType().sql())
                  .collect(Collectors.joining(", "))
              + ")");
    }
    there.values().stream()
        .filter(field -> !field.nullable())
        .forEach(
            field ->
                problems.add(
                    table,
                    field.name(),
                    "expected a column of metrics or one that may be null, was NOT NULL"));
  }

  /**
   * Replaces the rows of a run in the table. Columns of the table that the run does not have are
   * null.
   *
   * @param metrics the rows as they were written
   * @throws JobFailedException if the table did not take them. The run keeps its own tables, and
   *     can be continued
   */
  public void write(Dataset<Row> metrics, LocalDate runDate, String runId) {
    Column date = lit(Date.valueOf(runDate));
    Column id = lit(runId);
    try {
      metrics
          .select(values(date, id))
          .writeTo(table)
          .overwrite(col(RUN_DATE).equalTo(date).and(col(RUN_ID).equalTo(id)));
    } catch (Exception | LinkageError e) {
      throw new JobFailedException(
          "Every row has its result, but "
              + table
              + " did not take them: "
              + Causes.message(e)
              + ". To end this run, add --run-id "
              + runId
              + " --run-date "
              + runDate
              + " to the command; without "
              + Setting.METRICS_TABLE.key()
              + " it ends without the copy",
          e);
    }
  }

  private Column[] values(Column date, Column id) {
    Set<String> known =
        Stream.of(columns.fieldNames())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return Arrays.stream(target.fields())
        .map(
            field -> {
              String name = field.name().toLowerCase(Locale.ROOT);
              Column value =
                  name.equals(RUN_DATE)
                      ? date
                      : name.equals(RUN_ID)
                          ? id
                          : known.contains(name) ? col(Columns.quoted(field.name())) : lit(null);
              return value.cast(field.dataType()).as(field.name());
            })
        .toArray(Column[]::new);
  }
}
