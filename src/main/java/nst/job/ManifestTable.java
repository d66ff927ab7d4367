package nst.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.model.TransferRequest;
import nst.storage.UriPolicy;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A manifest that can be read: its rows and the rules by which they become requests.
 *
 * @param policy what its rows may read
 * @param digest of its files' names, lengths and times: another one is another manifest
 */
record ManifestTable(Dataset<Row> rows, Manifest rules, UriPolicy policy, String digest) {

  /**
   * Opens a manifest and checks its columns.
   *
   * @throws InvalidInputException with everything that is wrong with it
   */
  static ManifestTable open(SparkSession spark, String uri, RunConfig config, Networks networks) {
    Dataset<Row> rows;
    try {
      rows = spark.read().parquet(uri);
    } catch (Exception e) { // Scala throws AnalysisException and SparkException undeclared
      throw new InvalidInputException(uri, "", "expected a Parquet table, but " + reason(e));
    }
    Problems problems = new Problems();
    Manifest.check(uri, rows.schema(), problems);
    problems.throwIfAny();
    UriPolicy policy = UriPolicy.of(uri, config.text(Setting.ALLOWED_PREFIXES));
    return new ManifestTable(
        rows,
        new Manifest(uri, policy, config, networks, rows.schema()),
        policy.trusting(config.defaults().initImage()),
        digest(spark, rows));
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  private static String digest(SparkSession spark, Dataset<Row> rows) {
    String[] files = rows.inputFiles();
    Arrays.sort(files);
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      try {
        Path path = new Path(java.net.URI.create(file));
        FileStatus status =
            path.getFileSystem(spark.sparkContext().hadoopConfiguration()).getFileStatus(path);
        text.append(file).append(' ').append(status.getLen()).append(' ');
        text.append(status.getModificationTime()).append('\n');
      } catch (IOException e) {
        throw new InvalidInputException(file, "", "cannot be read: " + e.getMessage());
      }
    }
    return TransferRequest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
