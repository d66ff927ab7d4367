package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import nst.job.PlannedManifest;
import nst.job.TestSpark;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ManifestRowsTest {
  @TempDir Path folder;

  @Test
  void numbersGoOnFromFileToFileEmptyOnesIncluded() {
    TestSpark.spark()
        .range(0, 70, 1, 7) // 10 rows in each file
        .where("id < 15 or id > 40")
        .selectExpr("id as number", "'c.png' as content", "'s.png' as style")
        .write()
        .parquet(folder.resolve("m.parquet").toString());

    ManifestRows numbered = PlannedManifest.open(folder.resolve("m.parquet")).rows();

    List<Row> all =
        numbered.map((row, number) -> RowFactory.create(number, row.getLong(0))).collect().stream()
            .sorted(Comparator.comparing(row -> row.getLong(0)))
            .toList();
    assertThat(numbered.count()).isEqualTo(44);
    assertThat(all)
        .extracting(row -> row.getLong(0))
        .containsExactlyElementsOf(LongStream.range(0, 44).boxed().toList());
    assertThat(all)
        .extracting(row -> row.getLong(1))
        .containsExactlyElementsOf(
            LongStream.range(0, 70).filter(id -> id < 15 || id > 40).boxed().toList());
  }
}
