package nst.job.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nst.job.TestSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class UserColumnTest {
  private static final String SECRET = "s3a://AKIA:S3CR3T@bucket/k?sig=S3CR3T";
  private static final String CLEAN = "s3a://bucket/k?...";

  @Test
  void takesCredentialsOutOfValuesOfEveryShape(@TempDir Path folder) {
    StructType pair = new StructType().add("a", DataTypes.StringType).add("n", DataTypes.LongType);
    StructType schema =
        new StructType()
            .add("text", DataTypes.StringType)
            .add("list", DataTypes.createArrayType(DataTypes.StringType))
            .add("struct", pair)
            .add("map", DataTypes.createMapType(DataTypes.StringType, pair))
            .add("number", DataTypes.DoubleType);
    Row row =
        RowFactory.create(
            SECRET,
            List.of("x", SECRET),
            RowFactory.create(SECRET, 7L),
            Map.of("k", RowFactory.create(SECRET, 8L)),
            0.5);
    String table = folder.resolve("t").toString();
    TestSpark.spark().createDataFrame(List.of(row), schema).write().parquet(table);

    Row read = TestSpark.spark().read().parquet(table).head();
    Object[] values = new Object[read.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = UserColumn.value(read.get(i));
    }
    Dataset<Row> written =
        TestSpark.spark().createDataFrame(List.of(RowFactory.create(values)), schema);

    assertThat(written.toJSON().head())
        .isEqualTo(
            "{\"text\":\"CLEAN\",\"list\":[\"x\",\"CLEAN\"],\"struct\":{\"a\":\"CLEAN\",\"n\":7},"
                    .replace("CLEAN", CLEAN)
                + "\"map\":{\"k\":{\"a\":\"CLEAN\",\"n\":8}},\"number\":0.5}"
                    .replace("CLEAN", CLEAN));
  }

  @Test
  void keepsNullAndWhatHoldsNone() {
    Row row = RowFactory.create("a", 1L);
    assertThat(UserColumn.value(null)).isNull();
    assertThat(UserColumn.value(row)).isSameAs(row);
  }
}
