package nst.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nst.job.TestSpark;
import nst.model.InvalidInputException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TextColumnsTest {
  private static final StructType ALL =
      new StructType()
          .add("key", DataTypes.StringType)
          .add("loss", DataTypes.DoubleType)
          .add("digest", DataTypes.StringType);

  @TempDir Path folder;

  @Test
  void readsWhatSparkWrote() {
    append(
        ALL, RowFactory.create("a", 1.0, "1"), RowFactory.create("Zürich \uD83C\uDFA8", 2.0, null));
    append(new StructType().add("key", DataTypes.StringType), RowFactory.create("c"));

    assertThat(read("digest", "key"))
        .containsExactlyInAnyOrder(
            List.of(Optional.of("1"), Optional.of("a")),
            List.of(Optional.empty(), Optional.of("Zürich \uD83C\uDFA8")),
            List.of(Optional.empty(), Optional.of("c")));
  }

  @Test
  void aTableWithoutRowsHasNone() {
    append(ALL);
    assertThat(read("key")).isEmpty();
  }

  @Test
  void namesATableThatCannotBeRead() throws IOException {
    Files.writeString(folder.resolve("part-0.parquet"), "no table");
    assertThatThrownBy(() -> read("key"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("file:" + folder)
        .hasMessageContaining("cannot be read: ");
    assertThatThrownBy(
            () ->
                TextColumns.read(
                    TestSpark.spark().sparkContext().hadoopConfiguration(),
                    "file:" + folder.resolve("absent"),
                    List.of("key")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("absent");
  }

  private List<List<Optional<String>>> read(String... columns) {
    return TextColumns.read(
        TestSpark.spark().sparkContext().hadoopConfiguration(), "file:" + folder, List.of(columns));
  }

  private void append(StructType schema, Row... rows) {
    TestSpark.spark()
        .createDataFrame(List.of(rows), schema)
        .write()
        .mode(SaveMode.Append)
        .parquet("file:" + folder);
  }
}
