package nst.job.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nst.job.RunReader;
import nst.job.Versions;
import nst.job.executor.Session;
import nst.model.InvalidInputException;
import nst.model.Problems;
import nst.model.TransferResult.Status;
import nst.storage.HadoopObjectStore;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
      new StructType()
          .add("row", DataTypes.LongType)
          .add("id", DataTypes.StringType)
          .add("key", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("sha256", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("fault", DataTypes.StringType);

  private final Session session;
  private final PublishOptions options;
  private final Broadcast<SerializableConfiguration> hadoop;

  private Publisher(Session session, PublishOptions options) {
    this.session = session;
    this.options = options;
    this.hadoop =
        JavaSparkContext.fromSparkContext(session.spark().sparkContext())
            .broadcast(
                new SerializableConfiguration(
                    session.spark().sparkContext().hadoopConfiguration()));
  }

  /**
   * Publishes a run.
   *
   * @throws InvalidInputException if the pattern is invalid, if two pictures would get the same
   *     name, or if another file has the name of one; nothing is written then
   */
  public static Publication publish(Session session, PublishOptions options) {
    return new Publisher(session, options).publish();
  }

  private Publication publish() {
    requireFolder();
    RunReader reader = new RunReader(session, options.output());
    Dataset<Row> metrics = reader.metrics(reader.run(options.runId()));
    Dataset<Row> pictures = pictures(metrics);
    long withoutPicture = metrics.count() - pictures.count();
    Dataset<Row> named = named(pictures).persist(StorageLevel.MEMORY_AND_DISK());
    requireNames(named);
    Dataset<Row> files =
        named.groupBy("name").agg(first("source").as("source"), first("sha256").as("sha256"));
    Dataset<Row> checked = checked(files).persist(StorageLevel.MEMORY_AND_DISK());
    Map<TargetState, Long> counts = counts(checked);
    if (!options.overwrite()) {
      requireNoOther(checked, counts);
    }
    copy(checked);
    if (options.credentials()) {
      writeCredentials(checked);
    }
    return new Publication(
        counts.getOrDefault(TargetState.ABSENT, 0L),
        counts.getOrDefault(TargetState.OTHER, 0L),
        counts.getOrDefault(TargetState.SAME, 0L),
        withoutPicture,
        new Publication.Missing(
            counts.getOrDefault(TargetState.NO_SOURCE, 0L),
            listed(checked, TargetState.NO_SOURCE, "source")));
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
    for (String name : List.of("row", "id", "key", "output_sha256")) {
      columns.add(pictures.col(name));
    }
    columns.addAll(PictureNames.always(pictures));
    columns.addAll(names.columns(pictures));
    Dataset<Row> needed = pictures.select(columns.toArray(Column[]::new));
    return session
        .spark()
        .createDataFrame(needed.javaRDD().map(row -> named(row, names)), NAMED);
  }

  private static Row named(Row row, PictureNames names) {
    String name = null;
    String fault = null;
    try {
      name = names.name(row);
    } catch (IllegalArgumentException e) {
      fault = e.getMessage();
    }
    return RowFactory.create(
        row.getAs("row"),
        row.getAs("id"),
        row.getAs("key"),
        row.getAs("output_uri"),
        row.getAs("output_sha256"),
        name,
        fault);
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

  private Dataset<Row> checked(Dataset<Row> files) {
    Broadcast<SerializableConfiguration> configuration = hadoop;
    String folder = options.to();
    return session
        .spark()
        .createDataFrame(
            files
                .javaRDD()
                .mapPartitions(
                    rows -> {
                      TargetFiles targets =
                          new TargetFiles(
                              new HadoopObjectStore(configuration.value().value()), folder);
                      List<Row> checked = new ArrayList<>();
                      rows.forEachRemaining(
                          row ->
                              checked.add(
                                  targets.checked(
                                      row.getAs("name"),
                                      row.getAs("source"),
                                      row.getAs("sha256"))));
                      return checked.iterator();
                    }),
            TargetFiles.CHECKED);
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

  private static List<String> listed(Dataset<Row> checked, TargetState state, String column) {
    return checked
        .where(col("state").equalTo(state.name()))
        .orderBy(column)
        .limit(LISTED)
        .collectAsList()
        .stream()
        .map(row -> Uris.display(row.getAs(column)))
        .toList();
  }

  private static void requireNoOther(Dataset<Row> checked, Map<TargetState, Long> counts) {
    long others = counts.getOrDefault(TargetState.OTHER, 0L);
    if (others > 0) {
      throw new InvalidInputException(
          TO,
          "",
          "expected no other files with these names, found "
              + others
              + ": "
              + String.join(", ", listed(checked, TargetState.OTHER, "target"))
              + (others > LISTED ? " and more" : "")
              + ". Add --overwrite to replace them, or choose another folder");
    }
  }

  private void copy(Dataset<Row> checked) {
    Broadcast<SerializableConfiguration> configuration = hadoop;
    String folder = options.to();
    pictures(checked, TargetState.ABSENT, TargetState.OTHER)
        .javaRDD()
        .foreachPartition(
            rows -> {
              TargetFiles targets =
                  new TargetFiles(new HadoopObjectStore(configuration.value().value()), folder);
              rows.forEachRemaining(
                  row -> targets.copy(row.getAs("source"), row.getAs("target")));
            });
  }

  /** Also for pictures that were published before: the option may be new. */
  private void writeCredentials(Dataset<Row> checked) {
    Broadcast<SerializableConfiguration> configuration = hadoop;
    String folder = options.to();
    String version = Versions.all().get("nst");
    pictures(checked, TargetState.ABSENT, TargetState.OTHER, TargetState.SAME)
        .javaRDD()
        .foreachPartition(
            rows -> {
              TargetFiles targets =
                  new TargetFiles(new HadoopObjectStore(configuration.value().value()), folder);
              rows.forEachRemaining(
                  row ->
                      targets.writeCredentials(
                          row.getAs("source"), row.getAs("target"), version));
            });
  }

  private static Dataset<Row> pictures(Dataset<Row> checked, TargetState... states) {
    return checked.where(
        col("state").isin(Arrays.stream(states).<Object>map(TargetState::name).toArray()));
  }
}
