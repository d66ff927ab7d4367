package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import nst.job.PlannedManifest;
import nst.job.TestCatalogue;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Problems.Problem;
import nst.model.TransferRequest;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests manifests written by pandas, polars, DuckDB and pyarrow. {@code make_manifests.py}, in the
 * same folder, writes them.
 */
@Tag("slow")
class ManifestKindsTest {
  private static final Path MANIFESTS = Path.of("src/test/resources/nst/manifests");

  @TempDir Path output;

  @Test
  void readmesExampleWrittenByPandasIsPlanned() {
    PlannedManifest manifest = planned("pandas_readme.parquet");
    List<TransferRequest> requests = requests(manifest);
    assertThat(requests.get(1).hyperparameters().imageSize()).isEqualTo(512);
    assertThat(requests.get(1).hyperparameters().contentWeight()).isEqualTo(0.5);
    assertThat(requests.get(2).hyperparameters().numIterations()).isEqualTo(1000);
  }

  @Test
  void wholeNumbersAmongDoublesKeepTheirDigitsAsIds() {
    assertThat(ids(planned("pandas_float_id.parquet"))).containsExactly("7", "row-1");
  }

  @Test
  void aFractionWhereAWholeNumberBelongsFailsItsRow() {
    List<Row> rows = planned("pandas_fraction.parquet").rows();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("FAILED", "PLANNED");
    assertThat(rows.get(0).<String>getAs("error_message"))
        .isEqualTo(
            "Invalid image_size in row id=row-0: expected a whole number from 32 to 16384, was 64.5");
  }

  @Test
  void columnsWithoutAnyValueAreDefaultsWhateverTheirType() {
    PlannedManifest manifest = planned("pandas_all_null.parquet");
    List<TransferRequest> requests = requests(manifest);
    assertThat(ids(manifest)).containsExactly("row-0", "row-1");
    assertThat(requests.get(0).hyperparameters().imageSize())
        .isEqualTo(ManifestTest.config().defaults().imageSize());
    assertThat(manifest.rows().get(0).<Object>getAs("notes")).isNull();
  }

  @Test
  void aManifestWithoutRowsIsEmptyAndNotWrong() {
    assertThat(planned("pandas_no_rows.parquet").rows()).isEmpty();
  }

  @Test
  void typesOfPolarsKeepTheirValues() {
    PlannedManifest manifest = planned("polars_types.parquet");
    assertThat(ids(manifest)).containsExactly("1219269122455080041", "17976421247625026677");
    TransferRequest request = requests(manifest).get(0);
    assertThat(request.hyperparameters().imageSize()).isEqualTo(64);
    assertThat(request.hyperparameters().values().get(Knob.SEED)).isEqualTo(3L);
    Row row = manifest.rows().get(0);
    assertThat(row.<String>getAs("album")).isEqualTo("x");
    assertThat(row.<String>getAs("at")).isEqualTo("12:30:00.25");
    assertThat(row.<LocalDateTime>getAs("taken")).isEqualTo(LocalDateTime.of(2024, 5, 1, 12, 0));
    assertThat(row.<BigDecimal>getAs("price")).isEqualByComparingTo("9.90");
  }

  @Test
  void typesOfDuckDbKeepTheirValues() {
    PlannedManifest manifest = planned("duckdb_types.parquet");
    assertThat(ids(manifest)).containsExactly("792a0e7f-dcf2-4481-85a6-b2f447981273");
    TransferRequest request = requests(manifest).get(0);
    assertThat(request.hyperparameters().contentWeight()).isEqualTo(1.5);
    assertThat(request.hyperparameters().imageSize()).isEqualTo(64);
    Row row = manifest.rows().get(0);
    assertThat(row.<String>getAs("at")).isEqualTo("12:30:00");
    assertThat(row.<LocalDateTime>getAs("taken"))
        .isEqualTo(LocalDateTime.of(2024, 5, 1, 12, 0, 0, 123_456_000));
    assertThat(row.<Timestamp>getAs("seen").toInstant())
        .isEqualTo(Instant.parse("2024-05-01T12:00:00Z"));
    assertThat(row.<Integer>getList(row.fieldIndex("numbers"))).containsExactly(1, 2);
    assertThat(row.<Row>getAs("exif").<String>getAs("lens")).isEqualTo("50mm");
  }

  @Test
  void typesOfArrowKeepTheirValues() {
    PlannedManifest manifest = planned("arrow_types.parquet");
    assertThat(requests(manifest)).hasSize(2);
    Row row = manifest.rows().get(0);
    assertThat(row.<String>getAs("time_ms")).isEqualTo("01:02:03");
    assertThat(row.<Timestamp>getAs("before_1970").toInstant())
        .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999Z"));
    assertThat(row.<byte[]>getAs("digest")).isEqualTo("abcd".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void emptyListsAndFieldsWithoutValuesAreNone() {
    List<Row> rows = planned("arrow_styles.parquet").rows();
    assertThat(rows.get(0).<String>getAs("error_message"))
        .startsWith("Invalid content_layers in row id=row-0: expected layers");
    assertThat(rows.get(1).<String>getAs("status")).isEqualTo("PLANNED");
  }

  @Test
  void encodingsThatSparksFastReaderLacksAreRead() {
    List<TransferRequest> requests = requests(planned("byte_stream_split.parquet"));
    assertThat(requests)
        .extracting(request -> request.hyperparameters().contentWeight())
        .startsWith(0.1, 0.1 + 1 / 100.0)
        .endsWith(0.1 + 39 / 100.0)
        .hasSize(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "lz4"})
  void usualCompressionsAreRead(String codec) {
    assertThat(requests(planned("codec_" + codec + ".parquet"))).hasSize(2);
  }

  @Test
  void aCompressionWithoutACodecIsRefusedByName() {
    assertThat(refused("codec_brotli.parquet"))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .contains("was BROTLI", "not on the class path", "zstd or snappy"));
  }

  @ParameterizedTest
  @CsvSource({
    "float16, half, float16",
    "decimal_long, big, 'decimal(50,2)'",
    "times_nested, times, inside a list",
    "interval, wait, INTERVAL"
  })
  void whatSparkCannotReadIsRefusedWithItsColumn(String file, String column, String words) {
    assertThat(refused(file + ".parquet"))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.column()).isEqualTo(column);
              assertThat(problem.message()).contains(words, "cast the column to");
            });
  }

  @Test
  void filesAreOneTableInTheOrderOfTheirNames() {
    PlannedManifest manifest = planned("union");
    List<TransferRequest> requests = requests(manifest);
    assertThat(ids(manifest)).containsExactly("7", "row-1", "seven");
    assertThat(requests)
        .extracting(request -> request.content().replaceFirst(".*/", ""))
        .containsExactly("a.jpg", "b.jpg", "c.jpg");
    assertThat(requests)
        .extracting(request -> request.hyperparameters().imageSize())
        .containsExactly(256, 64, 128);
    assertThat(requests)
        .extracting(request -> request.hyperparameters().contentWeight())
        .containsExactly(1.0, 0.05, 0.5);
    assertThat(requests.get(1).hyperparameters().values().get(Knob.SEED)).isEqualTo(5L);
    List<Row> rows = manifest.rows();
    assertThat(rows).extracting(row -> row.<Object>getAs("note")).containsExactly(null, "x", null);
    assertThat(rows).extracting(row -> row.<Object>getAs("more")).containsExactly(null, null, true);
  }

  @Test
  void nestedFieldsOfFilesGoTogetherByTheirNames() {
    List<TransferRequest> requests = requests(planned("styles_differ"));
    assertThat(requests.get(0).styles()).hasSize(1);
    assertThat(requests.get(1).styles())
        .extracting(style -> style.uri().replaceFirst(".*/", "") + " " + style.weight())
        .containsExactly("s.jpg " + 2 / 3.0, "t.jpg " + 1 / 3.0);
  }

  @ParameterizedTest
  @CsvSource({
    "conflict, note, 'expected bigint as in ', '/a.parquet, was string'",
    "rounding, number, 'expected bigint as in ', 2^53"
  })
  void typesThatDoNotGoTogetherAreRefusedWithFileAndColumn(
      String folder, String column, String expected, String was) {
    assertThat(refused(folder))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.where()).endsWith("/b.parquet");
              assertThat(problem.column()).isEqualTo(column);
              assertThat(problem.message()).contains(expected, was);
            });
  }

  @Test
  void namesOfFoldersKeepTheirText() {
    PlannedManifest manifest = planned("hive");
    assertThat(ids(manifest)).containsExactly("007", "1:2");
    assertThat(requests(manifest))
        .extracting(request -> request.hyperparameters().imageSize())
        .containsExactly(64, 128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shoot [2024]", "{raw,jpg}", "50% off", "a*b?", "back\\slash", "größe#1"})
  void noPathIsAPattern(String name) throws IOException {
    Path folder = Files.createDirectories(output.resolve(name));
    Path manifest = folder.resolve("m " + name + ".parquet");
    Files.copy(MANIFESTS.resolve("codec_zstd.parquet"), manifest);
    assertThat(requests(PlannedManifest.of(manifest, output)))
        .extracting(TransferRequest::content)
        .containsExactly("file:" + folder + "/a.jpg", "file:" + folder + "/b.jpg");
    assertThat(ids(PlannedManifest.of(folder, output))).containsExactly("row-0", "row-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_manifest.parquet", ".manifest.parquet"})
  void aNameThatSparkSkipsIsSaidToBeSkipped(String name) throws IOException {
    Path manifest = output.resolve(name);
    Files.copy(MANIFESTS.resolve("codec_zstd.parquet"), manifest);
    assertThat(refused(manifest))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("Spark skips files"));
  }

  @Test
  void aManifestIsNotThereBecauseItsNameIsEncoded() {
    assertThat(refused(output.resolve("a%20b.parquet")))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message()).contains("no such file", "%20 is not a space"));
  }

  @Test
  void aFolderOfOtherFilesIsRefusedInFewLines() throws IOException {
    for (int i = 0; i < 30; i++) {
      Files.writeString(output.resolve("file" + i), "no Parquet at all");
    }
    List<Problem> problems = refused(output);
    assertThat(problems).hasSize(21);
    assertThat(problems.get(0).where()).endsWith("/file0");
    assertThat(problems.get(0).message()).contains("but it begins with 'no Parquet at all'");
    assertThat(problems.get(20).message()).isEqualTo("and 10 more of this kind");
  }

  @Test
  void textOfARowIsNeverAPattern() {
    Path manifest =
        new TestCatalogue(output)
            .row("price $5 \\1 ${x}", null, "s.png")
            .row("good", "c.png", "s.png")
            .write();
    List<Row> rows = PlannedManifest.of(manifest, output).rows();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("status"))
        .containsExactly("FAILED", "PLANNED");
    assertThat(rows.get(0).<String>getAs("error_message"))
        .isEqualTo("Invalid content in row id=price $5 \\1 ${x}: expected a URI, was null");
  }

  @Test
  void longTextIsBoundedInThePlan() {
    String letters = "y".repeat(400_000);
    Path manifest =
        new TestCatalogue(output)
            .column("preset", DataTypes.StringType)
            .column("note", DataTypes.StringType)
            .row("a", letters, "s.png", null, null)
            .row("b", "c.png", "s.png", letters, null)
            .row("c", "c.png", "s.png", null, letters)
            .write();
    List<Row> rows = PlannedManifest.of(manifest, output).rows();
    assertThat(rows.get(0).<String>getAs("error_message"))
        .isEqualTo(
            "Invalid content in row id=a: expected a URI of at most 4096 characters, was 400000 characters");
    assertThat(rows.get(1).<String>getAs("error_message"))
        .hasSizeLessThan(4096)
        .endsWith("... (400000 characters)");
    assertThat(rows.get(2).<String>getAs("note")).isEqualTo(letters);
  }

  private PlannedManifest planned(String name) {
    return PlannedManifest.of(MANIFESTS.resolve(name), output);
  }

  /** Returns the requests of all rows; fails if a row was rejected. */
  private static List<TransferRequest> requests(PlannedManifest manifest) {
    List<TransferRequest> requests = new ArrayList<>();
    for (Row row : manifest.rows()) {
      assertThat(row.<String>getAs("error_message")).isNull();
      requests.add(manifest.request(row));
    }
    return requests;
  }

  private static List<String> ids(PlannedManifest manifest) {
    return manifest.rows().stream().map(row -> row.<String>getAs("id")).toList();
  }

  private static List<Problem> refused(String name) {
    return refused(MANIFESTS.resolve(name));
  }

  private static List<Problem> refused(Path manifest) {
    return catchThrowableOfType(InvalidInputException.class, () -> PlannedManifest.open(manifest))
        .problems();
  }
}
