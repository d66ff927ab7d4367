package nst.job.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.source.Cell.Kind;
import nst.model.text.ShortText;

/**
 * Reads CSV as in RFC 4180, and the same with tabs. Cells may be in double quotes, which are
 * doubled inside them, and may then contain line ends.
 *
 * <p>Spark's reader is not used: it does not say in which line a record begins, and takes a missing
 * closing quote for the end of the file.
 */
final class CsvRecords implements TextRecords {
  private static final int END = -1;

  private final BufferedReader in;
  private final char separator;
  private final List<String> header;

  /** The number of the current line. */
  private long line = 1;

  private int length;

  /**
   * Reads the header.
   *
   * @throws InvalidTableException if there is none
   */
  CsvRecords(InputStream in, char separator) throws IOException, InvalidTableException {
    this.in = TextRecords.utf8(in);
    this.separator = separator;
    this.header = new ArrayList<>();
    Optional<List<String>> names = cells();
    if (names.isEmpty()) {
      throw new InvalidTableException(
          "expected a first line with the names of the columns, was an empty file");
    }
    for (String name : names.get()) {
      header.add(name.strip());
      if (name.isBlank()) {
        throw new InvalidTableException(
            "line 1: expected a name for each column, column "
                + header.size()
                + " has none. pandas writes such a column unless to_csv has index=False");
      }
      if (name.indexOf(NOT_UTF8) >= 0) {
        throw new InvalidTableException("line 1: " + EXPECTED_UTF8);
      }
    }
  }

  @Override
  public List<String> header() {
    return List.copyOf(header);
  }

  @Override
  public Optional<TextRecord> next() throws IOException, InvalidTableException {
    while (true) {
      long first = line;
      Optional<List<String>> cells = cells();
      if (cells.isEmpty()) {
        return Optional.empty();
      }
      boolean blank = cells.get().size() == 1 && cells.get().get(0).isBlank();
      if (!blank) {
        return Optional.of(record(first, cells.get()));
      }
    }
  }

  private TextRecord record(long first, List<String> cells) {
    if (cells.size() != header.size()) {
      String found =
          cells.size() < header.size()
              ? "column " + header.get(cells.size()) + " has none"
              : "the first without a column is "
                  + ShortText.quoted("'" + cells.get(header.size()) + "'");
      return TextRecord.unreadable(
          first,
          "expected "
              + header.size()
              + " cells, one for each column of line 1, was "
              + cells.size()
              + "; "
              + found);
    }
    Map<String, Cell> values = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      String text = cells.get(i);
      if (text.indexOf(NOT_UTF8) >= 0) {
        return TextRecord.unreadable(first, "column " + header.get(i) + ": " + EXPECTED_UTF8);
      }
      if (!text.isEmpty()) {
        values.put(header.get(i), new Cell(text, Kind.UNTYPED));
      }
    }
    return new TextRecord(first, values, "");
  }

  /** The cells up to the next line end that is not in quotes; empty at the end of the file. */
  private Optional<List<String>> cells() throws IOException, InvalidTableException {
    long first = line;
    length = 0;
    int next = in.read();
    if (next == END) {
      return Optional.empty();
    }
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    while (true) {
      if (next == '"' && cell.isEmpty()) {
        next = quoted(cell, first);
      } else {
        while (next != separator && !isLineEnd(next)) {
          append(cell, next, first);
          next = in.read();
        }
      }
      cells.add(cell.toString());
      cell.setLength(0);
      if (next != separator) {
        endLine(next);
        return Optional.of(cells);
      }
      next = in.read();
    }
  }

  /**
   * Reads a cell after its opening quote.
   *
   * @return the character after the closing quote
   */
  private int quoted(StringBuilder cell, long first) throws IOException, InvalidTableException {
    long opened = line;
    while (true) {
      int next = in.read();
      if (next == END) {
        throw new InvalidTableException(
            "line "
                + opened
                + ": expected a closing quote for the cell "
                + start(cell)
                + ", found the end of the file");
      }
      if (next == '"') {
        next = in.read();
        if (next != '"') {
          if (next != separator && !isLineEnd(next)) {
            throw new InvalidTableException(
                "line "
                    + line
                    + ": expected the end of the cell "
                    + start(cell)
                    + " after its closing quote, was '"
                    + Character.toString(next)
                    + "'. A quote in a cell is written twice");
          }
          return next;
        }
      } else if (next == '\n') {
        line++;
      }
      append(cell, next, first);
    }
  }

  private static String start(CharSequence cell) {
    String text = cell.toString().lines().findFirst().orElse("");
    return "'" + ShortText.begin(text, 40) + (text.length() > 40 ? "..." : "") + "'";
  }

  private void append(StringBuilder cell, int next, long first) throws InvalidTableException {
    length++;
    if (length > MAX_LENGTH) {
      throw new InvalidTableException(
          "line "
              + first
              + ": expected a row of at most "
              + MAX_LENGTH
              + " characters. Is a closing quote missing?");
    }
    cell.append((char) next);
  }

  private static boolean isLineEnd(int next) {
    return next == '\n' || next == '\r' || next == END;
  }

  private void endLine(int end) throws IOException {
    line++;
    if (end == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
