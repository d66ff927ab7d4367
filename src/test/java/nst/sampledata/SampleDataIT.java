package nst.sampledata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nst.image.DecodedImage;
import nst.image.ImageDecoder;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.model.Knob;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That sample-data is what its generator makes. */
class SampleDataIT {
  private static final Path FOLDER = Path.of("sample-data");

  /**
   * A tenth of a grey level: the sine of another processor may differ in its last bit, and now and
   * then a pixel at an edge tips over.
   */
  private static final double TOLERANCE = 0.1 / 255;

  @ParameterizedTest
  @EnumSource(SamplePicture.class)
  void theGeneratorStillMakes(SamplePicture picture) throws IOException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
    DecodedImage stored = decoder.decode(Files.readAllBytes(FOLDER.resolve(picture.path())));
    DecodedImage made = decoder.decode(picture.jpeg());
    assertThat(stored.warnings()).isEmpty();
    assertThat(meanDifference(made.image(), stored.image())).isLessThan(TOLERANCE);
  }

  @Test
  void theManifestHoldsTheGeneratorsRows() {
    try (SparkSession spark = SampleManifest.session()) {
      List<Row> stored =
          spark.read().parquet(FOLDER.resolve("manifest.parquet").toString()).collectAsList();
      List<Row> made =
          spark.createDataFrame(SampleManifest.rows(), SampleManifest.SCHEMA).collectAsList();
      assertThat(stored).isEqualTo(made);
    }
  }

  @Test
  void everyRowNamesFilesThatAreThereAndExactlyOneKindOfStyle() {
    for (Row row : SampleManifest.rows()) {
      Object style = row.get(SampleManifest.SCHEMA.fieldIndex("style"));
      Object styles = row.get(SampleManifest.SCHEMA.fieldIndex("styles"));
      assertThat(style == null).as("%s has style or styles", row).isNotEqualTo(styles == null);
      assertThat(FOLDER.resolve(row.getString(SampleManifest.SCHEMA.fieldIndex("content"))))
          .isRegularFile();
      if (style != null) {
        assertThat(FOLDER.resolve((String) style)).isRegularFile();
      }
    }
  }

  @Test
  void everyColumnIsAKnobOrExplained() throws IOException {
    String readme = Files.readString(FOLDER.resolve("README.md"));
    for (String column : SampleManifest.SCHEMA.fieldNames()) {
      assertThat(readme).contains("`" + column + "`");
      boolean isKnown =
          Knob.named(column).isPresent()
              || List.of("id", "content", "style", "styles", "album").contains(column);
      assertThat(isKnown).as(column).isTrue();
    }
    for (Row row : SampleManifest.rows()) {
      assertThat(readme).contains(row.getString(0));
    }
  }

  @Test
  void staysSmallEnoughForARepository() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      assertThat(bytes).isLessThan(1_500_000);
    }
  }

  private static double meanDifference(RgbImage a, RgbImage b) {
    assertThat(a.width()).isEqualTo(b.width());
    assertThat(a.height()).isEqualTo(b.height());
    double sum = 0;
    for (int i = 0; i < a.planes().length; i++) {
      sum += Math.abs(a.planes()[i] - b.planes()[i]);
    }
    return sum / a.planes().length;
  }
}
