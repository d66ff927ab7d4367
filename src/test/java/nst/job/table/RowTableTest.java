package nst.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nst.job.TestSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RowTableTest {
  private static final int LIMIT = 1000;

  @Test
  void theDriverHoldsFewRows() {
    Dataset<Row> table = numbers(LIMIT);
    RowTable held = RowTable.of(table, LIMIT);
    assertThat(held.isHeld()).isTrue();
    assertThat(held.rows()).hasSize(LIMIT);
    assertThat(held.dataset().collectAsList()).isEqualTo(held.rows());
    assertThat(held.dataset().rdd().getNumPartitions()).isEqualTo(1);
    assertThat(RowTable.of(numbers(LIMIT + 1), LIMIT + 1).isHeld()).isFalse();
  }

  @Test
  void aTableOfPhotosStaysInSpark() {
    assertThat(RowTable.of(binaries(2, 1 << 20), 2).rows()).hasSize(2);
    RowTable photos = RowTable.of(binaries(2, 20 << 20), 2);
    assertThat(photos.isHeld()).isFalse();
    assertThat(photos.dataset().count()).isEqualTo(2);
  }

  @Test
  void bytesThatCannotBeCountedAreNotHeld() {
    DataType photos = DataTypes.createArrayType(DataTypes.BinaryType);
    StructType nested = new StructType().add("photos", photos);
    Object row = new Object[] {new byte[1]};
    assertThat(RowTable.of(table(photos, List.of(row)), 1).isHeld()).isFalse();
    assertThat(RowTable.of(table(nested, List.of(RowFactory.create(row))), 1).isHeld()).isFalse();
  }

  @Test
  void queriesOverFewRowsAreNotCompiled() {
    var session = TestSpark.spark().newSession();
    String key = "spark.sql.codegen.factoryMode";
    String before = session.conf().get(key);
    RowTable.prepare(session, LIMIT);
    assertThat(session.conf().get(key)).isEqualTo("NO_CODEGEN");
    RowTable.prepare(session, LIMIT + 1);
    assertThat(session.conf().get(key)).isEqualTo(before);
  }

  @Test
  void interpretedRowsHaveTheValuesOfCompiledOnes() {
    String columns =
        "'a' text, 1L whole, 0.5D number, true flag, X'0102' bytes, date '2026-11-28' day,"
            + " timestamp '2026-11-28 01:02:03' time, 1.25BD exact, array('x', null) list,"
            + " map('k', 2) map, struct(1 one, 'z' two) nested, cast(null as string) missing";
    List<Row> rows =
        Stream.of(1, LIMIT + 1)
            .map(
                count -> {
                  var session = TestSpark.spark().newSession();
                  RowTable.prepare(session, count);
                  return RowTable.rows(session.sql("select " + columns)).collect().get(0);
                })
            .toList();
    assertThat(rows.get(0)).isEqualTo(rows.get(1));
    assertThat(rows.get(0).schema()).isEqualTo(rows.get(1).schema());
    assertThat(rows.get(0).getStruct(10).<String>getAs("two")).isEqualTo("z");
    assertThat(rows.get(0).getList(8)).isEqualTo(Arrays.asList("x", null));
  }

  private static Dataset<Row> numbers(int rows) {
    return table(DataTypes.IntegerType, IntStream.range(0, rows).<Object>mapToObj(i -> i).toList());
  }

  private static Dataset<Row> binaries(int rows, int bytes) {
    return table(
        DataTypes.BinaryType,
        IntStream.range(0, rows).<Object>mapToObj(i -> new byte[bytes]).toList());
  }

  private static Dataset<Row> table(DataType type, List<Object> values) {
    return TestSpark.spark()
        .createDataFrame(
            values.stream().map(value -> RowFactory.create(value)).toList(),
            new StructType().add("value", type));
  }
}
