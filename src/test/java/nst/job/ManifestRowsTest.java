package nst.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class ManifestRowsTest {

  @Test
  void numbersGoOnFromPartitionToPartitionEmptyOnesIncluded() {
    Dataset<Row> rows =
        TestSpark.spark().range(0, 70, 1, 7).where("id < 15 or id > 40").toDF(); // 10 a partition
    ManifestRows numbered = ManifestRows.of(rows);
    List<Row> all =
        numbered.map((row, number) -> RowFactory.create(number, row.getLong(0))).collect();
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
