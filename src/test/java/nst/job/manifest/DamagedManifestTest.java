package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nst.job.ManifestCheck;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.manifest.ParquetSurgery.FooterChange;
import nst.job.manifest.ParquetSurgery.PageChange;
import nst.job.source.ManifestSource;
import nst.model.InvalidInputException;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.SchemaElement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests Parquet files whose headers and pages contradict each other. Each is rejected with its
 * name, quickly and with little memory.
 */
@Tag("slow")
class DamagedManifestTest {
  private static final Path MANIFESTS = Path.of("src/test/resources/nst/manifests");

  @TempDir Path folder;

  /** Found by {@link ManifestFuzzTest}: Spark's vectorized reader did not end. */
  @Test
  void aPageWithFewerValuesThanItsHeaderSaysIsRefused() throws IOException {
    refused(Files.readAllBytes(MANIFESTS.resolve("damaged_page.parquet")));
  }

  /** Found by {@link ManifestFuzzTest}: Spark rejects the footer without naming the file. */
  @Test
  void aFooterThatOnlySparkRefusesIsRefused() throws IOException {
    refused(Files.readAllBytes(MANIFESTS.resolve("damaged_footer.parquet")));
  }

  /** Without the checksum, only the decoder can find the damage. */
  @Test
  void aFileWithoutChecksumIsRefusedInTheSameWay() throws IOException {
    refused(changed((header, body) -> new byte[body.length], footer -> {}));
  }

  static Stream<Arguments> sizes() {
    return Stream.of(-1, Integer.MIN_VALUE, 1 << 30, Integer.MAX_VALUE)
        .flatMap(
            size ->
                Stream.<Arguments>of(
                    page("uncompressed size", size, h -> h.setUncompressed_page_size(size)),
                    page("compressed size", size, h -> h.setCompressed_page_size(size)),
                    page("values", size, h -> h.getData_page_header().setNum_values(size))));
  }

  private static Arguments page(String what, int size, Consumer<PageHeader> change) {
    return Arguments.of(what, size, change);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("sizes")
  void aPageHeaderWithAWrongSizeIsRefused(String what, int size, Consumer<PageHeader> change)
      throws IOException {
    refused(
        changed(
            (header, body) -> {
              change.accept(header);
              return body;
            },
            footer -> {}));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 2, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
  void aFooterWithAWrongNumberOfRowsIsRefused(long rows) throws IOException {
    refused(
        changed((header, body) -> body, footer -> footer.getRow_groups().get(0).setNum_rows(rows)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 2, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE})
  void aColumnWithAWrongNumberOfValuesIsRefused(long values) throws IOException {
    refused(
        changed(
            (header, body) -> body,
            footer ->
                footer
                    .getRow_groups()
                    .get(0)
                    .getColumns()
                    .get(0)
                    .getMeta_data()
                    .setNum_values(values)));
  }

  /** Schemas are read recursively. */
  @Test
  void aSchemaOfManyLevelsIsRefused() throws IOException {
    refused(changed((header, body) -> body, DamagedManifestTest::nest));
  }

  private static void nest(FileMetaData footer) {
    List<SchemaElement> schema = new ArrayList<>(footer.getSchema());
    schema.get(0).setNum_children(schema.get(0).getNum_children() + 1);
    for (int i = 0; i < 100_000; i++) {
      schema.add(
          new SchemaElement("a")
              .setRepetition_type(FieldRepetitionType.OPTIONAL)
              .setNum_children(1));
    }
    schema.add(new SchemaElement(schema.get(1)));
    footer.setSchema(schema);
  }

  private byte[] changed(PageChange page, FooterChange footer) throws IOException {
    Path manifest = new TestCatalogue(folder).row("a", "c.png", "s.png").write();
    try (Stream<Path> parts = Files.list(manifest)) {
      Path part = parts.filter(p -> p.toString().endsWith(".parquet")).findFirst().orElseThrow();
      return ParquetSurgery.changed(Files.readAllBytes(part), page, footer);
    }
  }

  private void refused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("damaged 1.parquet"), bytes);
    assertThatThrownBy(
            () ->
                ManifestCheck.rows(
                    TestSpark.session(),
                    ManifestSource.table("file:" + file),
                    ManifestTest.config()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("damaged 1.parquet");
  }

  /** Without the changes above, these files can be read. */
  @Test
  void theFileIsReadableWithoutAChange() throws IOException {
    Path file =
        Files.write(folder.resolve("sound.parquet"), changed((header, body) -> body, footer -> {}));
    assertThat(
            ManifestCheck.rows(
                TestSpark.session(), ManifestSource.table("file:" + file), ManifestTest.config()))
        .isEmpty();
  }
}
