package nst.sampledata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The manifest of the sample data, with a row for each feature of a manifest. */
final class SampleManifest {
  /**
   * The columns as Spark's DDL. Values that a row does not set are null, and come from the preset.
   */
  static final StructType SCHEMA =
      StructType.fromDDL(
          "id STRING, content STRING, style STRING,"
              + " styles ARRAY<STRUCT<uri: STRING, weight: DOUBLE>>, mask STRING, preset STRING,"
              + " image_size INT, num_iterations INT, content_weight DOUBLE,"
              + " original_colors STRING, init STRING, output_format STRING, jpeg_quality INT,"
              + " album STRING");

  private SampleManifest() {}

  static List<Row> rows() {
    return List.of(
        row("astronaut-before-starry-night", "astronaut", 384, "people")
            .style("starry_night")
            .with("mask", SampleMask.PATH)
            .with("init", "content")
            .with("content_weight", 1.0)
            .build(),
        row("singapore-starry-night", "singapore", 512, "cities").style("starry_night").build(),
        row("pier-the-scream", "pier", 256, "landscapes").style("the_scream").build(),
        row("raccoon-composition-vii", "raccoon", 256, "animals").style("composition_vii").build(),
        row("kitten-own-colors", "kitten", 256, "animals")
            .style("starry_night")
            .with("original_colors", "luminance_oklab")
            .build(),
        row("colosseum-of-two-styles", "colosseum", 256, "cities")
            .with("styles", blend("starry_night", 0.5, "the_scream", 0.5))
            .build(),
        row("lake-great-wave", "lake", 256, "landscapes").style("great_wave").build(),
        row("lake-more-photo", "lake", 256, "landscapes")
            .style("great_wave")
            .with("content_weight", 0.5)
            .build(),
        row("coffee-after-gatys", "coffee", 256, "things")
            .style("portrait_of_picasso")
            .with("preset", "gatys")
            .with("num_iterations", 25)
            .build(),
        row("tulips-as-jpeg", "tulips", 256, "things")
            .style("water_lilies")
            .with("output_format", "jpg")
            .with("jpeg_quality", 90)
            .build(),
        row("casa-mila-tableau-2", "casa_mila", 256, "cities").style("tableau_2").build(),
        row("boston-san-giorgio", "boston", 256, "cities").style("san_giorgio").build());
  }

  private static Cells row(String id, String content, int imageSize, String album) {
    return new Cells()
        .with("id", id)
        .with("content", "content/" + content + ".jpg")
        .with("image_size", imageSize)
        .with("album", album);
  }

  private static Row[] blend(String first, double share, String second, double rest) {
    return new Row[] {
      RowFactory.create("style/" + first + ".jpg", share),
      RowFactory.create("style/" + second + ".jpg", rest)
    };
  }

  /** A builder for a row. Values that are not set stay null. */
  private static final class Cells {
    private final Object[] values = new Object[SCHEMA.size()];

    Cells style(String name) {
      return with("style", "style/" + name + ".jpg");
    }

    Cells with(String column, Object value) {
      values[SCHEMA.fieldIndex(column)] = value;
      return this;
    }

    Row build() {
      return RowFactory.create(values);
    }
  }

  /** Writes one file; Spark would write a folder of files. */
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
