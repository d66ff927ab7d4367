package nst.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.model.Knob;
import nst.model.RunConfig;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A whole run against a real S3 server: manifest, photos, images and tables are all objects. */
class S3IT {
  private static final String SECRET = "planted-secret-8f3c";

  @RegisterExtension
  final S3ProxyExtension server =
      S3ProxyExtension.builder().withCredentials("planted-access-1b7d", SECRET).build();

  @TempDir Path folder;
  private final SparkSession spark = TestSpark.spark();
  private final Map<String, String> hadoopBefore = new LinkedHashMap<>();

  @BeforeEach
  void connect() {
    set("fs.s3a.endpoint", server.getUri().toString());
    set("fs.s3a.endpoint.region", "us-east-1");
    set("fs.s3a.path.style.access", "true");
    set("fs.s3a.connection.ssl.enabled", "false");
    set("fs.s3a.access.key", server.getAccessKey());
    set("fs.s3a.secret.key", server.getSecretKey());
    set("fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    set("fs.s3a.impl.disable.cache", "true"); // each test has a server of its own
    set("fs.s3a.attempts.maximum", "3");
    set(
        "mapreduce.outputcommitter.factory.scheme.s3a",
        "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory");
    set("fs.s3a.committer.name", "magic");
    set("fs.s3a.committer.abort.pending.uploads", "false");
    spark
        .conf()
        .set(
            "spark.sql.sources.commitProtocolClass",
            "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol");
    spark
        .conf()
        .set(
            "spark.sql.parquet.output.committer.class",
            "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter");
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(server.getUri())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.getAccessKey(), server.getSecretKey())))
            .build()) {
      client.createBucket(request -> request.bucket("catalogue"));
    }
  }

  @AfterEach
  void disconnect() {
    hadoopBefore.forEach(
        (key, value) -> {
          if (value == null) {
            hadoop().unset(key);
          } else {
            hadoop().set(key, value);
          }
        });
    spark.conf().unset("spark.sql.sources.commitProtocolClass");
    spark.conf().unset("spark.sql.parquet.output.committer.class");
  }

  @Test
  void everythingIsAnObjectAndNothingTellsTheCredentials() throws IOException {
    ObjectStore store = TestSpark.session().store();
    new TestCatalogue(folder).picture("photo.jpg", 64, 48, 1).picture("painting.png", 56, 56, 2);
    store.write("s3a://catalogue/in/a photo.jpg", Files.readAllBytes(folder.resolve("photo.jpg")));
    store.write(
        "s3a://catalogue/in/painting.png", Files.readAllBytes(folder.resolve("painting.png")));
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("content", DataTypes.StringType)
            .add("style", DataTypes.StringType)
            .add("output_format", DataTypes.StringType);
    List<Row> rows =
        List.of(
            RowFactory.create("good", "a photo.jpg", "painting.png", null),
            RowFactory.create("jpeg", "s3://catalogue/in/a photo.jpg", "painting.png", "jpg"),
            RowFactory.create("missing", "none.jpg", "painting.png", null),
            RowFactory.create("elsewhere", "s3a://other-bucket/x.jpg", "painting.png", null));
    spark.createDataFrame(rows, schema).write().parquet("s3a://catalogue/in/manifest.parquet");

    RunSummary first = run("first");

    assertThat(first.rows()).isEqualTo(new RunSummary.Rows(4, 2, 2, 0, 0));
    assertThat(first.failures())
        .isEqualTo(new TreeMap<>(Map.of("NOT_FOUND", 1L, "URI_NOT_ALLOWED", 1L)));
    List<String> images = objects(store, "s3a://catalogue/out/images");
    assertThat(images)
        .hasSize(2)
        .anyMatch(uri -> uri.endsWith(".jpg"))
        .anyMatch(uri -> uri.endsWith(".png"));
    assertThat(run("second").rows()).isEqualTo(new RunSummary.Rows(4, 0, 2, 2, 0));
    assertThat(objects(store, "s3a://catalogue/out/images")).isEqualTo(images);
    assertThat(Verification.of(TestSpark.session(), "s3a://catalogue/out", Optional.empty()))
        .isEqualTo(new Verification(2, Map.of(), List.of()));
    for (String uri : objects(store, "s3a://catalogue/out")) {
      String text = new String(store.read(uri, 1L << 30), ISO_8859_1);
      assertThat(text).as(uri).doesNotContain(SECRET, server.getAccessKey());
      assertThat(uri).doesNotContain("__magic", "_temporary");
    }
  }

  @Test
  void aLeaseIsTakenOnce() {
    ObjectStore store = TestSpark.session().store();
    assertThat(store.create("s3a://catalogue/lease", new byte[] {1})).isTrue();
    assertThat(store.create("s3a://catalogue/lease", new byte[] {2})).isFalse();
    assertThat(store.read("s3a://catalogue/lease", 10)).containsExactly(1);
  }

  private RunSummary run(String runId) {
    RunConfig config = ManifestTest.config(Map.of(Knob.IMAGE_SIZE, 48L, Knob.NUM_ITERATIONS, 3L));
    RunOptions options =
        new RunOptions(
            "s3a://catalogue/in/manifest.parquet",
            "s3a://catalogue/out",
            runId,
            LocalDate.of(2026, 1, 1),
            config);
    RunSummary summary = new StyleTransferJob(TestSpark.session(), options, new Silent()).run();
    OutputLayout layout = new OutputLayout(options.output(), "2026-01-01", runId);
    assertThat(RunSummary.read(TestSpark.session().store().read(layout.runFile(), 1 << 20)).rows())
        .isEqualTo(summary.rows());
    return summary;
  }

  private static List<String> objects(ObjectStore store, String under) {
    List<String> found = new ArrayList<>();
    store.list(under).forEachRemaining(found::add);
    found.sort(null);
    return found;
  }

  private void set(String key, String value) {
    hadoopBefore.put(key, hadoop().get(key));
    hadoop().set(key, value);
  }

  private Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  /** Watches and says nothing. */
  private static final class Silent implements RunObserver {
    @Override
    public void planned(Map<String, Long> counts, double predictedSeconds) {}

    @Override
    public void computing(Progress progress) {}

    @Override
    public void computed() {}

    @Override
    public void report(RunSummary summary, List<ReportedRow> shown) {}
  }
}
