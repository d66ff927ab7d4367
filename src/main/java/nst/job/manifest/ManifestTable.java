package nst.job.manifest;

import java.util.List;
import nst.job.network.Networks;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.UriPolicy;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A manifest that can be read: its rows and the rules by which they become requests.
 *
 * @param policy what its rows may read
 * @param digest of its files' names, lengths and times: another one is another manifest
 */
public record ManifestTable(ManifestRows rows, Manifest rules, UriPolicy policy, String digest) {
  /** Footers that one task reads, at most: an object store answers in tens of milliseconds. */
  private static final int FOOTERS_PER_TASK = 16;

  /** A folder of photos is no manifest; a line for each of them helps nobody. */
  private static final int MAX_LISTED = 20;

  /**
   * Opens a manifest and checks its columns.
   *
   * @throws InvalidInputException with everything that is wrong with it
   */
  public static ManifestTable open(
      SparkSession spark, String uri, RunConfig config, Networks networks) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    ManifestFiles files = ManifestFiles.of(uri, hadoop);
    List<ManifestFooter> footers = footers(spark, files, hadoop);
    Problems problems = new Problems();
    List<Problem> unreadable =
        footers.stream().flatMap(footer -> footer.problems().stream()).toList();
    unreadable.stream()
        .limit(MAX_LISTED)
        .forEach(problem -> problems.add(problem.where(), problem.column(), problem.message()));
    if (unreadable.size() > MAX_LISTED) {
      problems.add(uri, "", "and " + (unreadable.size() - MAX_LISTED) + " more of this kind");
    }
    boolean readable = problems.isEmpty();
    ManifestSchema schema = ManifestSchema.of(files, footers, problems);
    if (readable) { // else columns seem to be missing that a file has
      Manifest.check(uri, schema, problems);
    }
    problems.throwIfAny();
    StructType columns =
        (StructType) Widening.withoutNullType(schema.columns(), DataTypes.StringType);
    UriPolicy policy = UriPolicy.of(uri, config.text(Setting.ALLOWED_PREFIXES));
    return new ManifestTable(
        ManifestRows.of(
            ManifestReader.read(spark, files, footers, schema), columns, files, footers),
        new Manifest(uri, policy, config, networks, columns),
        policy.trusting(config.defaults().initImage()),
        files.digest());
  }

  private static List<ManifestFooter> footers(
      SparkSession spark, ManifestFiles files, Configuration hadoop) {
    boolean binaryIsText =
        Boolean.parseBoolean(spark.conf().get("spark.sql.parquet.binaryAsString", "false"));
    List<String> paths = files.files().stream().map(file -> file.path().toString()).toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var shared = context.broadcast(new SerializableConfiguration(hadoop));
    return context
        .parallelize(paths, (paths.size() + FOOTERS_PER_TASK - 1) / FOOTERS_PER_TASK)
        .map(path -> ManifestFooter.read(new Path(path), shared.value().value(), binaryIsText))
        .collect();
  }

  /** The columns that rows have. */
  public StructType schema() {
    return rows.schema();
  }
}
