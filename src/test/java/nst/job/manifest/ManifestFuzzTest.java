package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nst.Fuzz;
import nst.job.ManifestCheck;
import nst.job.TestCatalogue;
import nst.job.TestSpark;
import nst.job.source.ManifestSource;
import nst.model.InvalidInputException;
import nst.model.Problems.Problem;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that every row of a damaged manifest is planned or rejected. */
@Tag("slow")
class ManifestFuzzTest {
  private static final List<String> CELLS =
      List.of(
          "id-1",
          "photos/a.png",
          "file:///photos/a.png",
          "s3a://bucket/a%20b.png",
          "$1\\\\E[{()}]*",
          "balanced",
          "relu1_1:0.25,relu2_1:1",
          "1e300");

  /** Files of other programs, which have more types and no checksums. */
  private static final List<String> OTHER_WRITERS =
      List.of("polars_types.parquet", "duckdb_types.parquet", "arrow_styles.parquet");

  @TempDir Path folder;

  /** Creates one manifest with many rows, in which each cell is a mutated text. */
  @Test
  void textOfAnyKindIsPlannedOrRefused() {
    List<String> texts = new ArrayList<>();
    Fuzz.run(
        "cells",
        3,
        CELLS.stream().map(cell -> cell.getBytes(StandardCharsets.UTF_8)).toList(),
        bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
    TestCatalogue catalogue =
        new TestCatalogue(folder)
            .column("preset", DataTypes.StringType)
            .column("style_layers", DataTypes.StringType)
            .column("mask", DataTypes.StringType)
            .column("own", DataTypes.StringType);
    for (int column = 0; column < 7; column++) {
      for (String text : texts) {
        Object[] row = {
          "r" + texts.indexOf(text) + "-" + column, "c.png", "s.png", null, null, null, null
        };
        row[column] = text;
        catalogue.row(row);
      }
    }
    Path manifest = catalogue.write();

    List<Problem> refused =
        ManifestCheck.rows(
            TestSpark.session(), ManifestSource.table("file:" + manifest), ManifestTest.config());

    assertThat(refused).hasSizeBetween(1, 7 * texts.size());
    assertThat(refused).allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
  }

  /** Checks that a damaged Parquet file is read, or rejected as an invalid manifest. */
  @Test
  void aDamagedFileIsReadOrRefused() throws IOException {
    Path manifest = new TestCatalogue(folder).row("a", "c.png", "s.png").write();
    List<byte[]> sound = new ArrayList<>();
    try (var parts = Files.list(manifest)) {
      sound.add(
          Files.readAllBytes(
              parts
                  .filter(part -> part.toString().endsWith(".parquet"))
                  .findFirst()
                  .orElseThrow()));
    }
    for (String name : OTHER_WRITERS) {
      sound.add(Files.readAllBytes(Path.of("src/test/resources/nst/manifests", name)));
    }
    Path file = folder.resolve("damaged.parquet");
    Fuzz.run(
        "manifest",
        5,
        sound,
        bytes -> {
          Files.write(file, bytes);
          try {
            ManifestCheck.rows(
                TestSpark.session(), ManifestSource.table("file:" + file), ManifestTest.config());
          } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("damaged.parquet");
          }
        });
  }
}
