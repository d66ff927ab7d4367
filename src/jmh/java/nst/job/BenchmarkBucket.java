package nst.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import nst.storage.ObjectStore;
import org.gaul.s3proxy.junit.S3ProxyJunitCore;

/**
 * A bucket on the S3 server of the tests, in this process. The server shares the two cores with the
 * run, which makes the run slower, but its network has no latency.
 */
final class BenchmarkBucket implements AutoCloseable {
  private static final String NAME = "benchmark";
  private static final String ACCESS_KEY = "benchmark-access";
  private static final String SECRET_KEY = "benchmark-secret";

  private final S3ProxyJunitCore server =
      new S3ProxyJunitCore.Builder().withCredentials(ACCESS_KEY, SECRET_KEY).build();

  private BenchmarkBucket() {}

  /** Starts the server and creates the bucket. */
  static BenchmarkBucket open() {
    BenchmarkBucket bucket = new BenchmarkBucket();
    try {
      bucket.server.beforeEach();
    } catch (Exception e) { // the method declares Exception
      throw new IllegalStateException("the S3 server has not started", e);
    }
    FaultyS3.makeBucket(bucket.server.getUri(), ACCESS_KEY, SECRET_KEY, NAME);
    return bucket;
  }

  static String uri(String key) {
    return "s3a://" + NAME + "/" + key;
  }

  /** Spark's settings for the bucket, including those of the magic committer. */
  Map<String, String> settings() {
    Map<String, String> s3a = new TreeMap<>(S3Run.committers());
    s3a.put("fs.s3a.endpoint", server.getUri().toString());
    s3a.put("fs.s3a.endpoint.region", "us-east-1");
    s3a.put("fs.s3a.path.style.access", "true");
    s3a.put("fs.s3a.connection.ssl.enabled", "false");
    s3a.put(
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider");
    s3a.put("fs.s3a.access.key", ACCESS_KEY);
    s3a.put("fs.s3a.secret.key", SECRET_KEY);
    Map<String, String> settings = new TreeMap<>();
    s3a.forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return settings;
  }

  /** Uploads all files of a folder. */
  static void upload(Path folder, ObjectStore store, String key) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> pictures = files.sorted().toList();
      for (Path picture : pictures) {
        store.write(uri(key + "/" + picture.getFileName()), Files.readAllBytes(picture));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.afterEach();
  }
}
