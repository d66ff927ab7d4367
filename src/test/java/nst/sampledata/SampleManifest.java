package nst.sampledata;

import static nst.sampledata.SamplePicture.DUNES;
import static nst.sampledata.SamplePicture.GREAT_WAVE;
import static nst.sampledata.SamplePicture.GUITAR_IN_PLANES;
import static nst.sampledata.SamplePicture.HARBOUR_AT_NIGHT;
import static nst.sampledata.SamplePicture.MOUNTAIN_LAKE;
import static nst.sampledata.SamplePicture.STILL_LIFE;
import static nst.sampledata.SamplePicture.SUNDAY_RIVER;
import static nst.sampledata.SamplePicture.SWIRLING_NIGHT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The manifest of the sample data: one row for each thing a manifest can say. */
final class SampleManifest {
  /** In Spark's DDL; what a row leaves out is null, and null is the preset's. */
  static final StructType SCHEMA =
      StructType.fromDDL(
          "id STRING, content STRING, style STRING,"
              + " styles ARRAY<STRUCT<uri: STRING, weight: DOUBLE>>,"
              + " image_size INT, num_iterations INT, content_weight DOUBLE, style_weight DOUBLE,"
              + " original_colors STRING, init STRING, seed BIGINT,"
              + " output_format STRING, jpeg_quality INT, album STRING");

  /** Enough for a picture that convinces at this size; 12 rows take about a minute on two cores. */
  private static final int ITERATIONS = 24;

  private SampleManifest() {}

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (SamplePicture content : List.of(MOUNTAIN_LAKE, HARBOUR_AT_NIGHT, DUNES)) {
      for (SamplePicture style : List.of(SWIRLING_NIGHT, GREAT_WAVE)) {
        rows.add(row(name(content, style), content, style, "landscapes", 256, Map.of()));
      }
    }
    rows.add(
        row(
            "still-life-more-style",
            STILL_LIFE,
            GUITAR_IN_PLANES,
            "kitchen",
            192,
            Map.of("content_weight", 0.05, "style_weight", 3.0)));
    rows.add(
        row(
            "still-life-more-content",
            STILL_LIFE,
            GUITAR_IN_PLANES,
            "kitchen",
            192,
            Map.of("content_weight", 0.4, "style_weight", 1.0)));
    rows.add(
        row(
            "still-life-own-colors",
            STILL_LIFE,
            SUNDAY_RIVER,
            "kitchen",
            256,
            Map.of("original_colors", "luminance_oklab")));
    rows.add(
        row(
            "lake-from-noise",
            MOUNTAIN_LAKE,
            SUNDAY_RIVER,
            "experiments",
            192,
            Map.of("init", "random", "seed", 7L, "num_iterations", 32)));
    rows.add(
        row(
            "dunes-as-jpeg",
            DUNES,
            GUITAR_IN_PLANES,
            "landscapes",
            320,
            Map.of("output_format", "jpg", "jpeg_quality", 90, "num_iterations", 16)));
    rows.add(blend());
    return List.copyOf(rows);
  }

  private static String name(SamplePicture content, SamplePicture style) {
    return (content + "-" + style).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Row row(
      String id,
      SamplePicture content,
      SamplePicture style,
      String album,
      int imageSize,
      Map<String, Object> own) {
    return row(
        id, content, Map.of("style", style.path(), "image_size", imageSize, "album", album), own);
  }

  private static Row blend() {
    List<Row> styles =
        List.of(
            RowFactory.create(SWIRLING_NIGHT.path(), 0.6),
            RowFactory.create(GREAT_WAVE.path(), 0.4));
    return row(
        "harbour-of-two-styles",
        HARBOUR_AT_NIGHT,
        Map.of("styles", styles.toArray(Row[]::new), "image_size", 256, "album", "experiments"),
        Map.of());
  }

  private static Row row(
      String id, SamplePicture content, Map<String, Object> values, Map<String, Object> own) {
    Object[] cells = new Object[SCHEMA.size()];
    cells[SCHEMA.fieldIndex("id")] = id;
    cells[SCHEMA.fieldIndex("content")] = content.path();
    cells[SCHEMA.fieldIndex("num_iterations")] = ITERATIONS;
    values.forEach((column, value) -> cells[SCHEMA.fieldIndex(column)] = value);
    own.forEach((column, value) -> cells[SCHEMA.fieldIndex(column)] = value);
    return RowFactory.create(cells);
  }

  /** Writes one file, where Spark by itself writes a folder of them. */
  static void write(Path file) throws IOException {
    Path folder = Files.createTempDirectory("manifest");
    try (SparkSession spark = session()) {
      spark
          .createDataFrame(rows(), SCHEMA)
          .coalesce(1)
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(folder.toUri().toString());
    }
    try (Stream<Path> parts = Files.list(folder)) {
      Path part =
          parts
              .filter(path -> path.toString().endsWith(".parquet"))
              .findFirst()
              .orElseThrow(() -> new IOException("Spark wrote no Parquet file to " + folder));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    try (Stream<Path> rest = Files.walk(folder)) {
      for (Path path : rest.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  static SparkSession session() {
    return SparkSession.builder()
        .master("local[1]")
        .appName("sample-data")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate();
  }
}
