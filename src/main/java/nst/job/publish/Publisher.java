package nst.job.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.image.ImageLimits;
import nst.job.RunReader;
import nst.job.Versions;
import nst.job.executor.Session;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.TransferResult.Status;
import nst.storage.HadoopObjectStore;
import nst.storage.ObjectStore;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Copies the pictures of a run to a folder or bucket, under names that the user chooses. The
 * executors copy. All checks are made before the first file is written.
 */
public final class Publisher {
  static final String NAMES = "--names";
  private static final String TO = "--to";

  /** The number of faults of a kind that a message lists. */
  private static final int LISTED = 10;

  private static final StructType NAMED =
      PublishedPicture.COLUMNS
          .add("row", DataTypes.LongType)
          .add("id", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("fault", DataTypes.StringType);

  private static final StructType CHECKED =
      PublishedPicture.COLUMNS.add("name", DataTypes.StringType).add("state", DataTypes.StringType);

  private final Session session;
  private final PublishOptions options;
  private final TargetsOnExecutor targets;

  private Publisher(Session session, PublishOptions options, RunConfig config) {
    this.session = session;
    this.options = options;
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(session.spark().sparkContext())
            .broadcast(
                new SerializableConfiguration(
                    session.spark().sparkContext().hadoopConfiguration()));
    String folder = options.to();
    String version = options.credentials() ? Versions.all().get("nst") : "";
    ImageLimits limits = ImageLimits.of(config);
    int longest = options.longest().orElse(0);
    this.targets = // Spark sends it to the executors, so it refers to nothing but these values
        () -> {
          ObjectStore store = new HadoopObjectStore(hadoop.value().value());
          Rendition rendition =
              longest == 0 ? new ExactCopy(store) : new FullSize(store, limits, longest);
          return new Targets(store, rendition, folder, version);
        };
  }

  /** Creates the targets on an executor. */
  private interface TargetsOnExecutor extends java.io.Serializable {
    Targets create();
  }

  /**
   * Publishes a run.
   *
   * @throws InvalidInputException if the pattern is invalid, if two pictures would get the same
   *     name, or if another file has the name of one; nothing is written then
   */
  public static Publication publish(Session session, PublishOptions options, RunConfig config) {
    return new Publisher(session, options, config).publish();
  }

  private Publication publish() {
    requireFolder();
    RunReader reader = new RunReader(session, options.output());
    Dataset<Row> metrics = reader.metrics(reader.run(options.runId()));
    Dataset<Row> pictures = pictures(metrics);
    long withoutPicture = metrics.count() - pictures.count();
    Dataset<Row> named = named(pictures).persist(StorageLevel.MEMORY_AND_DISK());
    requireNames(named);
    Dataset<Row> checked = checked(named).persist(StorageLevel.MEMORY_AND_DISK());
    Map<TargetState, Long> counts = counts(checked);
    if (!options.overwrite()) {
      requireNoOther(checked, counts);
    }
    Dataset<Row> faults = written(checked).persist(StorageLevel.MEMORY_AND_DISK());
    Map<TargetState, Long> failed = counts(faults);
    return new Publication(
        difference(counts, failed, TargetState.ABSENT),
        difference(counts, failed, TargetState.OTHER),
        counts.getOrDefault(TargetState.SAME, 0L),
        withoutPicture,
        new Publication.Failed(
            failed.values().stream().mapToLong(Long::longValue).sum(), firstFaults(faults)));
  }

  private static long difference(
      Map<TargetState, Long> all, Map<TargetState, Long> failed, TargetState state) {
    return all.getOrDefault(state, 0L) - failed.getOrDefault(state, 0L);
  }

  private void requireFolder() {
    session.requireStorage(TO, options.to());
    OutputLayout layout = new OutputLayout(options.output(), "", "");
    if ((options.to() + "/").startsWith(layout.output() + "/")) {
      throw new InvalidInputException(
          TO, "", "expected a folder outside the output, was " + Uris.display(options.to()));
    }
  }

  /** The rows that have a picture. A duplicate has one if a row with its key has one. */
  private static Dataset<Row> pictures(Dataset<Row> metrics) {
    Dataset<Row> made =
        metrics
            .where(metrics.col("status").isin(Status.OK.name(), Status.SKIPPED.name()))
            .select(metrics.col("key").as("made"))
            .distinct();
    return metrics.join(made, metrics.col("key").equalTo(made.col("made")), "left_semi");
  }

  private Dataset<Row> named(Dataset<Row> pictures) {
    PictureNames names = PictureNames.of(options.names(), pictures);
    List<Column> columns = new ArrayList<>();
    for (String name : PublishedPicture.COLUMNS.fieldNames()) {
      columns.add(pictures.col(name));
    }
    for (String name : List.of("row", "id", "styles")) {
      columns.add(pictures.col(name));
    }
    columns.addAll(names.columns(pictures));
    Dataset<Row> needed = pictures.select(columns.toArray(Column[]::new));
    return session.spark().createDataFrame(needed.javaRDD().map(row -> named(row, names)), NAMED);
  }

  private static Row named(Row row, PictureNames names) {
    String name = null;
    String fault = null;
    try {
      name = names.name(row);
    } catch (IllegalArgumentException e) {
      fault = e.getMessage();
    }
    return PublishedPicture.of(row).row(row.getAs("row"), row.getAs("id"), name, fault);
  }

  /**
   * Checks that every picture has a name of its own. Names that differ only in case are the same
   * file on some systems.
   */
  private static void requireNames(Dataset<Row> named) {
    Problems problems = new Problems();
    Dataset<Row> faults = named.where(col("fault").isNotNull());
    for (Row row : faults.orderBy("row").limit(LISTED).collectAsList()) {
      problems.add(
          "row " + row.<Long>getAs("row") + ", id=" + row.getAs("id"), NAMES, row.getAs("fault"));
    }
    Dataset<Row> shared =
        named
            .where(col("name").isNotNull())
            .groupBy(lower(col("name")).as("lower"))
            .agg(
                countDistinct("key").as("pictures"),
                min("name").as("name"),
                min("row").as("first"),
                max("row").as("last"))
            .where(col("pictures").gt(1));
    for (Row row : shared.orderBy("lower").limit(LISTED).collectAsList()) {
      problems.add(
          NAMES,
          "",
          "expected a name for each picture, but "
              + row.getAs("pictures")
              + " pictures (rows "
              + row.getAs("first")
              + " to "
              + row.getAs("last")
              + ") would be named "
              + row.getAs("name")
              + ". Add a column that tells them apart, or {key}");
    }
    problems.throwIfAny();
  }

  /** Duplicates with the same name are one file. */
  private Dataset<Row> checked(Dataset<Row> named) {
    TargetsOnExecutor here = targets;
    return session
        .spark()
        .createDataFrame(
            named
                .dropDuplicates("name")
                .javaRDD()
                .mapPartitions(
                    rows -> {
                      Targets files = here.create();
                      List<Row> checked = new ArrayList<>();
                      rows.forEachRemaining(
                          row -> {
                            PublishedPicture picture = PublishedPicture.of(row);
                            String name = row.getAs("name");
                            checked.add(picture.row(name, files.state(picture, name).name()));
                          });
                      return checked.iterator();
                    }),
            CHECKED);
  }

  private static Map<TargetState, Long> counts(Dataset<Row> checked) {
    Map<TargetState, Long> counts = new TreeMap<>();
    checked
        .groupBy("state")
        .count()
        .collectAsList()
        .forEach(row -> counts.put(TargetState.valueOf(row.getString(0)), row.getLong(1)));
    return counts;
  }

  private void requireNoOther(Dataset<Row> checked, Map<TargetState, Long> counts) {
    long others = counts.getOrDefault(TargetState.OTHER, 0L);
    if (others == 0) {
      return;
    }
    List<String> names =
        checked
            .where(col("state").equalTo(TargetState.OTHER.name()))
            .select("name")
            .orderBy("name")
            .limit(LISTED)
            .collectAsList()
            .stream()
            .map(row -> Uris.display(options.to() + "/" + row.getString(0)))
            .toList();
    throw new InvalidInputException(
        TO,
        "",
        "expected no other files with these names, found "
            + others
            + ": "
            + String.join(", ", names)
            + (others > LISTED ? " and more" : "")
            + ". Add --overwrite to replace them, or choose another folder");
  }

  /** Writes the pictures, and returns those that could not be made, with {@code fault}. */
  private Dataset<Row> written(Dataset<Row> checked) {
    TargetsOnExecutor here = targets;
    return session
        .spark()
        .createDataFrame(
            checked
                .javaRDD()
                .mapPartitions(
                    rows -> {
                      Targets files = here.create();
                      List<Row> failed = new ArrayList<>();
                      rows.forEachRemaining(
                          row -> {
                            PublishedPicture picture = PublishedPicture.of(row);
                            String name = row.getAs("name");
                            String state = row.getAs("state");
                            files
                                .publish(picture, name, TargetState.valueOf(state))
                                .ifPresent(fault -> failed.add(picture.row(name, state, fault)));
                          });
                      return failed.iterator();
                    }),
            CHECKED.add("fault", DataTypes.StringType));
  }

  private static List<String> firstFaults(Dataset<Row> faults) {
    return faults.select("name", "fault").orderBy("name").limit(LISTED).collectAsList().stream()
        .map(row -> row.getString(1))
        .toList();
  }
}
