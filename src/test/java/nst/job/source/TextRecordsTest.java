package nst.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.source.Cell.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRecordsTest {

  private static List<TextRecord> records(TableFormat format, byte[] bytes)
      throws IOException, InvalidTableException {
    List<TextRecord> found = new ArrayList<>();
    try (TextRecords records = new TextFile(format, new ByteArrayInputStream(bytes)).records()) {
      Optional<TextRecord> next = records.next();
      while (next.isPresent()) {
        found.add(next.get());
        next = records.next();
      }
    }
    return found;
  }

  private static List<TextRecord> csv(String text) throws IOException, InvalidTableException {
    return records(TableFormat.CSV, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<TextRecord> json(String text) throws IOException, InvalidTableException {
    return records(TableFormat.JSON_LINES, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Cell> cells(String... namesAndTexts) {
    Map<String, Cell> cells = new java.util.HashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      cells.put(namesAndTexts[i], new Cell(namesAndTexts[i + 1], Kind.UNTYPED));
    }
    return cells;
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void linesEndInEveryWayAndBlankLinesAreNoRecords(String end) throws Exception {
    String text = "\uFEFF a ,b\n1,2\n\n \n,\n\"x\"\"y\",\"\"\n3,\"4\n5\"".replace("\n", end);
    assertThat(csv(text))
        .containsExactly(
            new TextRecord(2, cells("a", "1", "b", "2"), ""),
            new TextRecord(5, Map.of(), ""),
            new TextRecord(6, cells("a", "x\"y"), ""),
            new TextRecord(7, cells("a", "3", "b", "4" + end + "5"), ""));
  }

  @Test
  void tabsSeparateTheCellsOfTsv() throws Exception {
    assertThat(records(TableFormat.TSV, "a\tb\n1,2\t\"x\ty\"\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(new TextRecord(2, cells("a", "1,2", "b", "x\ty"), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,x | expected 2 cells, one for each column of line 1, was 3; the first without a column is 'x'",
        "1 | expected 2 cells, one for each column of line 1, was 1; column b has none",
        "1,ä | column b: expected UTF-8, was another encoding; save the file as UTF-8",
      })
  void aRecordThatDoesNotFitTheHeaderHasAFault(String line, String fault) throws Exception {
    byte[] bytes = ("a,b\n1,\"\n\"\n" + line + "\n3,4").getBytes(StandardCharsets.ISO_8859_1);
    List<TextRecord> records = records(TableFormat.CSV, bytes);
    assertThat(records).hasSize(3);
    assertThat(records.get(1)).isEqualTo(new TextRecord(4, Map.of(), fault));
    assertThat(records.get(2)).isEqualTo(new TextRecord(5, cells("a", "3", "b", "4"), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b\\n\"1,2\\n3,4\\n | line 2: expected a closing quote for the cell '1,2', found the end of the file",
        "a,b\\n1,2\\n\"1\"x,4\\n | line 3: expected the end of the cell '1' after its closing quote, was 'x'",
        ",a,b\\n0,1,2\\n | line 1: expected a name for each column, column 1 has none. pandas writes",
        "'' | expected a first line with the names of the columns, was an empty file",
      })
  void aFileThatCannotBeDividedIsRefused(String text, String message) {
    assertThatThrownBy(() -> csv(text.replace("\\n", "\n")))
        .isInstanceOf(InvalidTableException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aRecordHasAMaximumLength() {
    assertThatThrownBy(() -> csv("a\n\"" + "x".repeat(TextRecords.MAX_LENGTH + 1)))
        .hasMessageContaining("line 2: expected a row of at most", "closing quote");
    assertThatThrownBy(() -> json("{\"a\": \"" + "x".repeat(TextRecords.MAX_LENGTH)))
        .hasMessageContaining("line 1: expected a line of at most");
  }

  @Test
  void jsonLinesHaveTypes() throws Exception {
    String text =
        "\n{\"s\": \"007\", \"n\": 7.0, \"big\": 12345678901234567890, \"b\": true, \"no\": null,"
            + " \"l\": [1, {\"x\": \"y\"}], \"\": \"\"}\r\n\r\n{}";
    assertThat(json(text))
        .containsExactly(
            new TextRecord(
                2,
                Map.of(
                    "s", new Cell("007", Kind.TEXT),
                    "n", new Cell("7.0", Kind.NUMBER),
                    "big", new Cell("12345678901234567890", Kind.NUMBER),
                    "b", new Cell("true", Kind.BOOLEAN),
                    "l", new Cell("[1,{\"x\":\"y\"}]", Kind.NESTED),
                    "", new Cell("", Kind.TEXT)),
                ""),
            new TextRecord(4, Map.of(), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": \"b.jpg\", \"sty | expected one JSON object, but at character",
        "{\"a\": 1} {} | expected one JSON object, found more at character 10",
        "\"b.jpg\" | expected one JSON object, was \"b.jpg\"",
        "[] | expected one JSON object, was []",
        "{\"a\": 1, \"a\": 2} | Duplicate field 'a'",
        "{\"a\": NaN} | expected one JSON object, but at character",
        "{\"a\": \"ä\"} | expected UTF-8",
      })
  void aLineThatIsNoObjectHasAFault(String line, String fault) throws Exception {
    byte[] bytes = ("{}\n" + line + "\n{}\n").getBytes(StandardCharsets.ISO_8859_1);
    List<TextRecord> records = records(TableFormat.JSON_LINES, bytes);
    assertThat(records).hasSize(3);
    assertThat(records.get(1).line()).isEqualTo(2);
    assertThat(records.get(1).fault()).contains(fault);
    assertThat(records.get(2)).isEqualTo(new TextRecord(3, Map.of(), ""));
  }
}
