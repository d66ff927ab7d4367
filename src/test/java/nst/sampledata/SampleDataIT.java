package nst.sampledata;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nst.Documentation;
import nst.image.ImageLimits;
import nst.image.codec.DecodedImage;
import nst.image.codec.ImageDecoder;
import nst.model.Knob;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that every image of sample-data has its source, and that the manifest is up to date. */
class SampleDataIT {
  private static final Path FOLDER = Path.of("sample-data");
  private static final String README = FOLDER.resolve("README.md").toString();
  private static final String SOURCES = FOLDER.resolve("SOURCES.md").toString();

  static List<Path> pictures() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(jpg|png)"))
          .map(FOLDER::relativize)
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void isSmallAndDecodesWithoutAWarning(Path picture) throws IOException {
    byte[] bytes = Files.readAllBytes(FOLDER.resolve(picture));
    assertThat(bytes).hasSizeLessThanOrEqualTo(200_000);
    DecodedImage decoded = new ImageDecoder(ImageLimits.DEFAULT).decode(bytes);
    assertThat(decoded.warnings()).isEmpty();
    assertThat(Math.max(decoded.image().width(), decoded.image().height())).isBetween(500, 768);
  }

  @Test
  void everyPictureHasItsTitleAuthorSourceAndLicenceAndNoLineIsLeftOver() throws IOException {
    List<List<String>> rows = Documentation.rows(Documentation.text(SOURCES));
    assertThat(rows)
        .extracting(cells -> cells.get(0).replace("`", ""))
        .containsExactlyInAnyOrderElementsOf(pictures().stream().map(Path::toString).toList());
    assertThat(rows)
        .allSatisfy(
            cells -> {
              assertThat(cells).as("file, title, author, year, source, licence").hasSize(6);
              assertThat(cells).noneMatch(String::isBlank);
              assertThat(cells.get(5)).containsAnyOf("public domain", "CC0", "Apache");
            });
  }

  @Test
  void theManifestHoldsTheRowsOfTheCode() {
    try (SparkSession spark = SampleManifest.session()) {
      List<Row> stored =
          spark.read().parquet(FOLDER.resolve("manifest.parquet").toString()).collectAsList();
      List<Row> made =
          spark.createDataFrame(SampleManifest.rows(), SampleManifest.SCHEMA).collectAsList();
      assertThat(stored).isEqualTo(made);
    }
  }

  @Test
  void theMaskIsTheOneOfTheCode() throws IOException {
    BufferedImage stored = ImageIO.read(FOLDER.resolve(SampleMask.PATH).toFile());
    BufferedImage made = SampleMask.image();
    assertThat(stored.getWidth()).isEqualTo(made.getWidth());
    assertThat(stored.getHeight()).isEqualTo(made.getHeight());
    assertThat(stored.getRaster().getPixels(0, 0, made.getWidth(), made.getHeight(), (int[]) null))
        .isEqualTo(
            made.getRaster().getPixels(0, 0, made.getWidth(), made.getHeight(), (int[]) null));
  }

  @Test
  void everyPictureIsUsedAndEveryRowHasOneKindOfStyle() throws IOException {
    String said = SampleManifest.rows().toString();
    assertThat(pictures()).allSatisfy(picture -> assertThat(said).contains(picture.toString()));
    for (Row row : SampleManifest.rows()) {
      Object style = row.get(SampleManifest.SCHEMA.fieldIndex("style"));
      Object styles = row.get(SampleManifest.SCHEMA.fieldIndex("styles"));
      assertThat(style == null).as("%s has style or styles", row).isNotEqualTo(styles == null);
    }
  }

  @Test
  void everyRowHasACaptionAndEveryColumnIsExplained() {
    assertThat(Documentation.rows(Documentation.section(README, "## Rows")))
        .extracting(cells -> cells.get(0))
        .containsExactlyElementsOf(
            SampleManifest.rows().stream().map(row -> "`" + row.getString(0) + "`").toList());
    String columns = Documentation.section(README, "## Columns");
    for (String column : SampleManifest.SCHEMA.fieldNames()) {
      assertThat(columns).contains("`" + column + "`");
      boolean isKnown =
          Knob.named(column).isPresent()
              || List.of("id", "content", "style", "styles", "mask", "preset", "album")
                  .contains(column);
      assertThat(isKnown).as(column).isTrue();
    }
  }
}
