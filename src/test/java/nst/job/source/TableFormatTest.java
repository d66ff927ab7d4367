package nst.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFormatTest {

  private static byte[] head(String text) {
    String bytes = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0");
    return bytes.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m.csv | content;style | CSV",
        "m.csv | PAR1 | PARQUET",
        "M.TSV.gz | content | TSV",
        "m.json | {} | JSON_LINES",
        "m.ndjson | {} | JSON_LINES",
        "m | {\"content\":1} | JSON_LINES",
        "m.txt | content\\tstyle\\na,b | TSV",
        "2026.11 | content,style\\na | CSV",
      })
  void theFormatIsFoundByBytesNameOrFirstLine(String name, String text, TableFormat format)
      throws Exception {
    assertThat(TableFormat.of(name, head(text))).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.json | [{\"content\":\"a.jpg\"}] | was a JSON array. To convert it, run: jq -c",
        "a.xlsx | PK\u0003\u0004 [Content_Types].xml | it is an Excel workbook. Save it as CSV",
        "a.zip | PK\u0003\u0004 a.txt | it is a zip archive",
        "a.html | <!DOCTYPE html><p> | it is an HTML page",
        "a.csv | ÿþc\\0o\\0 | it is a text in UTF-16. Save it as UTF-8",
        "a.csv | c\\0 | it is binary data of an unknown format",
        "a.feather | ARROW1 | it is an Arrow or Feather file. Write it as Parquet",
        "a.db | SQLite format 3 | it is an SQLite database",
        "a.txt | photos of our trip | it begins with 'photos of our trip'",
        "a.csv | `` | was an empty file. A CSV manifest has a first line",
      })
  void anotherFormatIsNamedWithAnExample(String name, String text, String expected) {
    assertThatThrownBy(() -> TableFormat.of(name, head(text)))
        .isInstanceOf(InvalidTableException.class)
        .hasMessageContaining(expected)
        .hasMessageStartingWith("expected ");
  }
}
