package nst.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.job.executor.Session;
import nst.job.plan.ExistingImages;
import nst.job.table.Globs;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.model.TransferResult.Status;
import nst.model.text.Sha256;
import nst.record.ImageRecords;
import nst.record.RunSummary;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
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
  public record Finding(Kind kind, String key, String uri) {}

  private static final StructType FINDINGS =
      new StructType()
          .add("kind", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("uri", DataTypes.StringType);

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
    Dataset<Row> images = made(spark, output, runs).persist();
    JavaRDD<Row> findings = images.javaRDD().mapPartitions(rows -> compare(rows, hadoop));
    Dataset<Row> all = spark.createDataFrame(findings, FINDINGS);
    if (runId.isEmpty()) {
      all = all.union(orphans(spark, output, images, hadoop));
    }
    Dataset<Row> found = all.persist();
    Map<String, Long> counts = new TreeMap<>();
    found
        .groupBy("kind")
        .count()
        .collectAsList()
        .forEach(
            row -> counts.put(row.getString(0).toLowerCase(java.util.Locale.ROOT), row.getLong(1)));
    List<Finding> listed = new ArrayList<>();
    found
        .orderBy("kind", "key")
        .limit(MAX_LISTED)
        .collectAsList()
        .forEach(
            row ->
                listed.add(
                    new Finding(
                        Kind.valueOf(row.getString(0)), row.getString(1), row.getString(2))));
    return new Verification(images.select("key").distinct().count(), counts, listed);
  }

  /**
   * The images in the tables, each once, with key, URI and digest. If several runs contain an
   * image, the digest of the last one counts, because a lost image may have been computed again.
   *
   * @param runs in the order in which they ended
   */
  private static Dataset<Row> made(SparkSession spark, String output, List<RunSummary> runs) {
    Dataset<Row> said =
        spark.createDataFrame(
            List.of(),
            new StructType()
                .add("key", DataTypes.StringType)
                .add("output_uri", DataTypes.StringType)
                .add("output_sha256", DataTypes.StringType)
                .add("run", DataTypes.IntegerType));
    for (int run = 0; run < runs.size(); run++) {
      RunSummary summary = runs.get(run);
      said =
          said.union(
              spark
                  .read()
                  .parquet(
                      Globs.literal(
                          new OutputLayout(output, summary.runDate(), summary.runId()).metrics()))
                  .where(col("status").isin(Status.OK.name(), Status.SKIPPED.name()))
                  .select(col("key"), col("output_uri"), col("output_sha256"), lit(run).as("run")));
    }
    return said.groupBy("key", "output_uri")
        .agg(
            max_by(
                    col("output_sha256"),
                    when(col("output_sha256").isNotNull(), col("run")).otherwise(lit(-1)))
                .as("output_sha256"));
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

  private static Dataset<Row> orphans(
      SparkSession spark,
      String output,
      Dataset<Row> images,
      Broadcast<SerializableConfiguration> hadoop) {
    Dataset<Row> there =
        new ExistingImages(spark, new OutputLayout(output, "", ""), hadoop).listed();
    return there
        .join(images.select(col("key").as("known")), col("key").equalTo(col("known")), "left_anti")
        .select(
            lit(Kind.ORPHANED.name()).as("kind"),
            col("key"),
            lit(OutputLayout.images(output)).as("uri"));
  }
}
