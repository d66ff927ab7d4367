package nst.job.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import nst.job.TestSpark;
import nst.model.InvalidInputException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class PickClausesTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("id", DataTypes.StringType)
          .add("style_loss", DataTypes.DoubleType)
          .add("Order by, limit", DataTypes.StringType);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "style_loss < 0.3 | a, b, d",
        "STYLE_LOSS < 0.3 ORDER BY style_loss desc, id LIMIT 2 | b, a",
        "order by id desc | d, c, b, a",
        "order by style_loss desc nulls first, id | c, b, a, d",
        "limit 0 | ''",
        "`Order by, limit` = 'limit 1' or id in ('b') order by greatest(1, 2), id | b, c",
        "id like '%order by%' or contains(id, 'a') | a",
      })
  void choosesAndOrdersAsTheTextSays(String text, String expected) {
    Dataset<Row> table =
        TestSpark.spark()
            .createDataFrame(
                List.of(
                    RowFactory.create("a", 0.1, ""),
                    RowFactory.create("b", 0.2, ""),
                    RowFactory.create("c", null, "limit 1"),
                    RowFactory.create("d", 0.05, "")),
                COLUMNS);

    List<Row> chosen =
        PickClauses.parse(TestSpark.spark(), text, COLUMNS).of(table).collectAsList();

    assertThat(chosen)
        .extracting(row -> row.getString(0))
        .containsExactlyElementsOf(
            Stream.of(expected.split(", ")).filter(id -> !id.isEmpty()).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "java_method('java.lang.System', 'exit', 1) is null | expected one of the functions abs,",
        "id = 'a' order by reflect('java.lang.System', 'exit', 1) | expected one of the functions",
        "id in (select path from text.`/etc`) | expected a condition without a query",
        "styl_loss < 1 | Unknown column `styl_loss`. Did you mean `style_loss`? The columns are id,",
        "style_loss | expected a condition, was",
        "id = 'a' union select 1 | expected a condition, was",
        "limit many | expected a whole number after limit, at the end, was many",
        "limit 2 order by id | expected a whole number after limit",
        "order by id order by id | expected one order by",
        "'' | expected a condition, an order or a limit",
      })
  void refusesWhatIsNoChoice(String text, String message) {
    assertThatThrownBy(() -> PickClauses.parse(TestSpark.spark(), text, COLUMNS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void isCheckedBeforeThereIsATable() {
    StructType own = new StructType().add("blend", DataTypes.DoubleType);

    RowPick.check(TestSpark.spark(), "style_loss < 1 and blend = 0.5 and image_size > 9", own);

    assertThatThrownBy(() -> RowPick.check(TestSpark.spark(), "album = 'a'", own))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("--pick: Unknown column `album`.")
        .hasMessageContaining("blend");
  }
}
