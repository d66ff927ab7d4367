package nst.job.source;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads the records of a text file in order. Blank lines are no records. */
public interface TextRecords extends Closeable {
  /** Stands for bytes that are not UTF-8. Unicode has no such character. */
  char NOT_UTF8 = '\uFFFF';

  /** The message for bytes that are not UTF-8. */
  String EXPECTED_UTF8 = "expected UTF-8, was another encoding; save the file as UTF-8";

  /** The longest record in characters. A longer one usually has no closing quote. */
  int MAX_LENGTH = 1 << 22;

  /** The names of the columns, if the file has a line with them; otherwise empty. */
  List<String> header();

  /**
   * The next record; empty at the end.
   *
   * @throws InvalidTableException if the rest of the file cannot be divided into records
   */
  Optional<TextRecord> next() throws IOException, InvalidTableException;

  /** Decodes UTF-8 without a byte order mark. Other bytes become {@link #NOT_UTF8}. */
  static BufferedReader utf8(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(String.valueOf(NOT_UTF8))),
            1 << 16);
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    return reader;
  }
}
