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
 * An open manifest: its rows, and the rules that convert them to requests.
 *
 * @param policy the URIs that its rows may read
 * @param digest the digest of its files' names, sizes and modification times; it changes if the
 *     manifest changes
 */
public record ManifestTable(ManifestRows rows, Manifest rules, UriPolicy policy, String digest) {
  /** The number of footers per task. An object store needs tens of milliseconds for each. */
  private static final int FOOTERS_PER_TASK = 16;

  /**
   * The number of unreadable files to list. A folder of photos, for example, would give one for
   * each.
   */
  private static final int MAX_LISTED = 20;

  /**
   * Opens a manifest and checks its columns.
   *
   * @throws InvalidInputException with all faults
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
    if (readable) { // otherwise the columns of unreadable files seem to be missing
      ManifestColumns.check(uri, schema.columns(), schema.folders(), problems);
    }
    problems.throwIfAny();
    StructType columns =
        (StructType) Widening.withoutNullType(schema.columns(), DataTypes.StringType);
    UriPolicy policy = UriPolicy.of(uri, config.text(Setting.ALLOWED_PREFIXES));
    return new ManifestTable(
        ManifestRows.of(
            ManifestReader.read(spark, files, footers, schema), columns, files, footers),
        new Manifest(uri, policy, config, networks, columns),
        policy.trusting(config.defaults().uris()),
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

  /** The columns of the rows. */
  public StructType schema() {
    return rows.schema();
  }
}
