package nst.job;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toSet;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nst.job.executor.Session;
import nst.job.plan.ExistingImages;
import nst.job.table.Globs;
import nst.job.table.RowTable;
import nst.job.table.TextColumns;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult.Status;
import nst.model.text.Sha256;
import nst.record.ImageRecords;
import nst.record.RunSummary;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Compares the tables of an output with its images.
 *
 * @param checked the number of images in the tables
 * @param counts the number of images by finding, in lower case
 * @param findings the first findings, each with key and URI
 */
public record Verification(long checked, Map<String, Long> counts, List<Finding> findings) {
  private static final int MAX_LISTED = 1000;

  /** The kinds of findings. */
  public enum Kind {
    /** The image is in a table but does not exist. */
    MISSING,
    /** The image exists but differs from the table. */
    ALTERED,
    /**
     * The image exists but is in no table of a finished run. Its run is not over or was never
     * resumed.
     */
    ORPHANED
  }

  /** An image with a finding. */
  public record Finding(Kind kind, String key, String uri) implements Serializable {}

  /** The columns of {@code metrics} that are compared. */
  private static final StructType COLUMNS =
      new StructType()
          .add("status", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("output_uri", DataTypes.StringType)
          .add("output_sha256", DataTypes.StringType);

  /** The statuses of rows that have an image. */
  private static final Set<String> HAVE_IMAGES = Set.of(Status.OK.name(), Status.SKIPPED.name());

  /** Whether all images in the tables exist and are unchanged. */
  public boolean holds() {
    return !counts.containsKey("missing") && !counts.containsKey("altered");
  }

  /**
   * Compares tables and images.
   *
   * @param output absolute URI
   * @param runId a run; if empty, all runs
   * @throws nst.model.InvalidInputException if the folder is not an output or has no such run
   */
  public static Verification of(Session session, String output, Optional<String> runId) {
    SparkSession spark = session.spark();
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    RunReader reader = new RunReader(session, output);
    reader.requireOutput();
    List<RunSummary> runs =
        runId.isEmpty()
            ? reader.runs()
            : List.of(reader.run(runId)); // throws if there is no such run
    ExistingImages existing = new ExistingImages(spark, new OutputLayout(output, "", ""), hadoop);
    long rows = runs.stream().mapToLong(run -> run.rows().total()).sum();
    RowTable.prepare(spark, rows);
    Tally tally = new Tally();
    long checked;
    if (RowTable.isSmall(spark, rows)) {
      List<Row> images = images(readHere(spark.sparkContext().hadoopConfiguration(), output, runs));
      Set<String> keys = images.stream().map(row -> row.getString(0)).collect(toSet());
      checked = keys.size();
      JavaRDD<Row> findings = compared(distributed(spark, images), hadoop);
      if (runId.isEmpty()) {
        findings =
            findings.union(
                existing.keys().filter(key -> !keys.contains(key)).map(key -> orphan(key, output)));
      }
      tally = findings.aggregate(tally, Tally::add, Tally::plus);
    } else {
      Dataset<Row> images = images(said(spark, output, runs)).persist();
      JavaRDD<Row> findings = compared(images.javaRDD(), hadoop);
      if (runId.isEmpty()) {
        findings = findings.union(orphans(existing, images, output));
      }
      tally = findings.aggregate(tally, Tally::add, Tally::plus);
      checked = images.select("key").distinct().count();
    }
    return new Verification(checked, tally.counts, tally.first());
  }

  /** The findings of some images. */
  private static final class Tally implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<String, Long> counts = new TreeMap<>();

    private final ArrayList<Finding> first = new ArrayList<>();

    Tally add(Row finding) {
      Kind kind = Kind.valueOf(finding.getString(0));
      counts.merge(kind.name().toLowerCase(Locale.ROOT), 1L, Long::sum);
      list(new Finding(kind, finding.getString(1), finding.getString(2)));
      return this;
    }

    Tally plus(Tally other) {
      other.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
      other.first.forEach(this::list);
      return this;
    }

    private void list(Finding finding) {
      first.add(finding);
      if (first.size() > 2 * MAX_LISTED) {
        List<Finding> kept = first();
        first.clear();
        first.addAll(kept);
      }
    }

    /** The first findings by kind and key. */
    List<Finding> first() {
      return first.stream()
          .sorted(comparing((Finding finding) -> finding.kind().name()).thenComparing(Finding::key))
          .limit(MAX_LISTED)
          .toList();
    }
  }

  private static JavaRDD<Row> distributed(SparkSession spark, List<Row> images) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = Math.min(images.size(), 4 * spark.sparkContext().defaultParallelism());
    return context.parallelize(images, Math.max(1, tasks));
  }

  private static JavaRDD<Row> compared(
      JavaRDD<Row> images, Broadcast<SerializableConfiguration> hadoop) {
    return images.mapPartitions(rows -> compare(rows, hadoop));
  }

  /**
   * What the tables say about images: key, URI, digest and the number of the run.
   *
   * @param runs in the order in which they ended
   */
  private static Dataset<Row> said(SparkSession spark, String output, List<RunSummary> runs) {
    Dataset<Row> said =
        spark.createDataFrame(
            List.of(),
            new StructType()
                .add("key", DataTypes.StringType)
                .add("output_uri", DataTypes.StringType)
                .add("output_sha256", DataTypes.StringType)
                .add("run", DataTypes.IntegerType));
    for (int run = 0; run < runs.size(); run++) {
      said =
          said.union(
              spark
                  .read()
                  .schema(COLUMNS) // otherwise Spark runs a job for each run to read it
                  .parquet(Globs.literal(metrics(output, runs.get(run))))
                  .where(col("status").isin(HAVE_IMAGES.toArray()))
                  .select(col("key"), col("output_uri"), col("output_sha256"), lit(run).as("run")));
    }
    return said;
  }

  /** The same of a few rows, without Spark. */
  private static List<Row> readHere(Configuration hadoop, String output, List<RunSummary> runs) {
    List<Row> said = new ArrayList<>();
    for (int run = 0; run < runs.size(); run++) {
      for (List<Optional<String>> row :
          TextColumns.read(hadoop, metrics(output, runs.get(run)), List.of(COLUMNS.fieldNames()))) {
        if (row.get(0).filter(HAVE_IMAGES::contains).isPresent()) {
          said.add(
              RowFactory.create(
                  row.get(1).orElseThrow(),
                  row.get(2).orElseThrow(),
                  row.get(3).orElse(null),
                  run));
        }
      }
    }
    return said;
  }

  private static String metrics(String output, RunSummary run) {
    return new OutputLayout(output, run.runDate(), run.runId()).metrics();
  }

  /**
   * The images in the tables, each once, with key, URI and digest. If several runs contain an
   * image, the digest of the last one counts, because a lost image may have been computed again.
   */
  private static Dataset<Row> images(Dataset<Row> said) {
    return said.groupBy("key", "output_uri")
        .agg(
            max_by(
                    col("output_sha256"),
                    when(col("output_sha256").isNotNull(), col("run")).otherwise(lit(-1)))
                .as("output_sha256"));
  }

  /** The same images of a few rows. */
  private static List<Row> images(List<Row> said) {
    Map<List<String>, Row> images = new LinkedHashMap<>();
    said.stream()
        .sorted(comparingInt(row -> row.getInt(3)))
        .forEach(
            row ->
                images.merge(
                    List.of(row.getString(0), row.getString(1)),
                    row,
                    (earlier, later) -> later.isNullAt(2) ? earlier : later));
    return List.copyOf(images.values());
  }

  private static java.util.Iterator<Row> compare(
      java.util.Iterator<Row> rows, Broadcast<SerializableConfiguration> hadoop) {
    ObjectStore store = new HadoopObjectStore(hadoop.value().value());
    List<Row> findings = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      kind(store, row)
          .ifPresent(
              kind ->
                  findings.add(RowFactory.create(kind.name(), row.getString(0), row.getString(1))));
    }
    return findings.iterator();
  }

  private static Optional<Kind> kind(ObjectStore store, Row row) {
    byte[] bytes;
    try {
      bytes = store.read(row.getString(1), Long.MAX_VALUE);
    } catch (TransferException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.of(Kind.MISSING);
      }
      throw e;
    }
    boolean sameBytes = row.isNullAt(2) || row.getString(2).equals(Sha256.hex(bytes));
    return sameBytes && hasRecordOf(bytes, row.getString(0))
        ? Optional.empty()
        : Optional.of(Kind.ALTERED);
  }

  private static boolean hasRecordOf(byte[] bytes, String key) {
    try {
      ImageRecords.matching(bytes, key, ImageRecords.WithoutDigest.ACCEPT);
      return true;
    } catch (TransferException | IllegalArgumentException e) {
      return false; // the record was altered if it cannot be read
    }
  }

  private static Row orphan(String key, String output) {
    return RowFactory.create(Kind.ORPHANED.name(), key, OutputLayout.images(output));
  }

  private static JavaRDD<Row> orphans(ExistingImages existing, Dataset<Row> images, String output) {
    Dataset<Row> known = images.select(col("key").as("known"));
    return existing
        .listed()
        .join(known, col("key").equalTo(col("known")), "left_anti")
        .javaRDD()
        .map(row -> orphan(row.getString(0), output));
  }
}
