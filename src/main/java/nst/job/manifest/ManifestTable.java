package nst.job.manifest;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nst.job.network.Networks;
import nst.job.source.ManifestSource;
import nst.job.source.PhotoFolder;
import nst.job.source.TableFormat;
import nst.job.table.RowTable;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.Problems.Problem;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.storage.HadoopObjectStore;
import nst.storage.UriPolicy;
import nst.storage.Uris;
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

  /** Texts that are no larger than this together are read by the driver, without a Spark job. */
  private static final long MAX_TEXT_BYTES = 1 << 20;

  /**
   * The number of unreadable files to list. A folder of photos, for example, would give one for
   * each.
   */
  private static final int MAX_LISTED = 20;

  /**
   * Opens a manifest and checks its columns, or lists a folder of photos.
   *
   * @throws InvalidInputException with all faults
   */
  public static ManifestTable open(
      SparkSession spark, ManifestSource source, RunConfig config, Networks networks) {
    if (!source.isPhotos()) {
      return open(spark, source.uri(), config, networks);
    }
    HadoopObjectStore store = new HadoopObjectStore(spark.sparkContext().hadoopConfiguration());
    PhotoRows photos = PhotoRows.of(spark, source, store);
    RowTable.prepare(spark, photos.rows().count());
    UriPolicy policy =
        UriPolicy.of(source.uri() + "/photos", config.text(Setting.ALLOWED_PREFIXES))
            .trusting(source.styles());
    return new ManifestTable(
        photos.rows(),
        new Manifest(source.uri(), policy, config, networks, PhotoRows.SCHEMA),
        policy.trusting(config.defaults().uris()),
        photos.digest());
  }

  /**
   * Opens a manifest and checks its columns.
   *
   * @throws InvalidInputException with all faults
   */
  public static ManifestTable open(
      SparkSession spark, String uri, RunConfig config, Networks networks) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    ManifestFiles files = ManifestFiles.of(uri, hadoop);
    requireNotPhotos(uri, files);
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
    footers = TextColumns.unified(footers);
    boolean readable = problems.isEmpty();
    requireOneFormat(files, footers, problems);
    ManifestSchema schema = ManifestSchema.of(files, footers, problems);
    if (readable) { // otherwise the columns of unreadable files seem to be missing
      boolean isText = footers.get(0).format() != TableFormat.PARQUET;
      Set<String> texts =
          isText ? new TreeSet<>(List.of(schema.columns().fieldNames())) : schema.folders();
      ManifestColumns.check(uri, schema.columns(), texts, problems);
    }
    problems.throwIfAny();
    RowTable.prepare(spark, footers.stream().mapToLong(ManifestFooter::rows).sum());
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

  private static void requireNotPhotos(String uri, ManifestFiles files) {
    List<String> names = files.files().stream().map(file -> file.path().getName()).toList();
    long photos = names.stream().filter(PhotoFolder::isPhoto).count();
    boolean isFolder = !names.equals(List.of(Uris.fileName(uri)));
    if (photos > 0 && isFolder) {
      throw new InvalidInputException(
          uri,
          "",
          TableFormat.EXPECTED
              + ", was a folder with "
              + photos
              + (photos == 1 ? " photo" : " photos")
              + ". To stylise them, name a painting: --style PAINTING.jpg. A manifest in the folder"
              + " is named by its own path");
    }
  }

  private static void requireOneFormat(
      ManifestFiles files, List<ManifestFooter> footers, Problems problems) {
    TableFormat first = footers.get(0).format();
    for (int i = 1; i < footers.size(); i++) {
      ManifestFooter footer = footers.get(i);
      if (footer.format() != first && footer.problems().isEmpty()) {
        problems.add(
            ManifestFiles.shown(files.files().get(i).path()),
            "",
            "expected "
                + first.label()
                + " like the files before it, was "
                + footer.format().label());
        return;
      }
    }
  }

  private static List<ManifestFooter> footers(
      SparkSession spark, ManifestFiles files, Configuration hadoop) {
    boolean binaryIsText =
        Boolean.parseBoolean(spark.conf().get("spark.sql.parquet.binaryAsString", "false"));
    List<String> paths = files.files().stream().map(file -> file.path().toString()).toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    boolean isParquet =
        paths.stream()
            .allMatch(path -> TableFormat.named(path).equals(Optional.of(TableFormat.PARQUET)));
    int perTask = isParquet ? FOOTERS_PER_TASK : 1; // a text is read as a whole
    if (isParquet ? paths.size() <= perTask : files.bytes() <= MAX_TEXT_BYTES) {
      return paths.stream().map(path -> footer(new Path(path), hadoop, binaryIsText)).toList();
    }
    var shared = context.broadcast(new SerializableConfiguration(hadoop));
    return context
        .parallelize(paths, (paths.size() + perTask - 1) / perTask)
        .map(path -> footer(new Path(path), shared.value().value(), binaryIsText))
        .collect();
  }

  private static ManifestFooter footer(Path file, Configuration hadoop, boolean binaryIsText) {
    return TextFooter.read(file, hadoop)
        .orElseGet(() -> ManifestFooter.read(file, hadoop, binaryIsText));
  }

  /** The columns of the rows. */
  public StructType schema() {
    return rows.schema();
  }
}
