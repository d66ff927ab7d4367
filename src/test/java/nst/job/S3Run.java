package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.job.manifest.ManifestTest;
import nst.job.source.ManifestSource;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Runs the job in this process on a bucket: catalogue, output and tables are objects. */
final class S3Run implements AutoCloseable {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 1);

  private final FaultyS3 server;
  private final SparkSession spark = TestSpark.spark();
  private final ObjectStore store;

  S3Run(FaultyS3 server) {
    this.server = server;
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    this.store = server.connect(hadoop);
    committers().forEach(hadoop::set);
    protocol().forEach((key, value) -> spark.conf().set(key, value));
  }

  /** The settings of the magic committer. */
  static Map<String, String> committers() {
    return Map.of(
        "mapreduce.outputcommitter.factory.scheme.s3a",
        "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
        "fs.s3a.committer.name",
        "magic",
        "fs.s3a.committer.abort.pending.uploads",
        "false");
  }

  /** Spark's settings for the committer. */
  static Map<String, String> protocol() {
    return Map.of(
        "spark.sql.sources.commitProtocolClass",
        "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
        "spark.sql.parquet.output.committer.class",
        "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");
  }

  ObjectStore store() {
    return store;
  }

  /** Uploads a small image, different for each seed. */
  S3Run picture(Path scratch, String key, int seed) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    new TestCatalogue(scratch).picture(name, 64, 48, seed);
    try {
      store.write(server.uri(key), Files.readAllBytes(scratch.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  void manifest(StructType schema, List<Row> rows) {
    spark.createDataFrame(rows, schema).coalesce(1).write().parquet(server.uri("in/manifest"));
  }

  RunSummary run(String runId, Map<Setting, Object> settings) {
    return run(ManifestSource.table(server.uri("in/manifest")), runId, settings);
  }

  RunSummary run(ManifestSource source, String runId, Map<Setting, Object> settings) {
    Map<Knob, Object> quick =
        Map.of(
            Knob.IMAGE_SIZE,
            48L,
            Knob.NUM_ITERATIONS,
            3L,
            Knob.CONTENT_LAYERS,
            Knob.CONTENT_LAYERS.domain().parse("relu1_1:1"),
            Knob.STYLE_LAYERS,
            Knob.STYLE_LAYERS.domain().parse("relu1_1:1"));
    RunConfig config = ManifestTest.config(quick, settings);
    RunOptions options = new RunOptions(source, server.uri("out"), runId, DAY, config);
    return new StyleTransferJob(TestSpark.session(), options, RunObserver.NONE).run();
  }

  OutputLayout layout(String runId) {
    return new OutputLayout(server.uri("out"), DAY.toString(), runId);
  }

  List<Row> metrics(String runId) {
    return spark.read().parquet(layout(runId).metrics()).collectAsList();
  }

  /** Returns every object below a prefix, in order. */
  List<String> objects(String prefix) {
    List<String> found = new ArrayList<>();
    store.list(server.uri(prefix)).forEachRemaining(found::add);
    found.sort(null);
    return found;
  }

  @Override
  public void close() {
    protocol().keySet().forEach(spark.conf()::unset);
  }
}
