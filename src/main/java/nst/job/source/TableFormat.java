package nst.job.source;

import static nst.image.format.FormatSniffer.startsWith;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import nst.image.format.FormatSniffer;
import nst.model.text.ShortText;

/** The file formats of a manifest. */
public enum TableFormat {
  PARQUET("Parquet", "parquet"),
  CSV("CSV", "csv"),
  TSV("TSV", "tsv", "tab"),
  JSON_LINES("JSON lines", "jsonl", "ndjson", "json");

  /** The beginning of the message for another format. */
  public static final String EXPECTED = "expected a manifest (Parquet, CSV, TSV or JSON lines)";

  /** An example of what is right. */
  public static final String EXAMPLE =
      "A CSV manifest has a first line with the names of the columns, for example content,style,"
          + " and a line for each picture, for example photos/a.jpg,styles/b.jpg";

  /** The bytes of a file that tell its format. */
  public static final int HEAD = 4096;

  private final String label;
  private final List<String> extensions;

  TableFormat(String label, String... extensions) {
    this.label = label;
    this.extensions = List.of(extensions);
  }

  /** The name of the format. */
  public String label() {
    return label;
  }

  /** The format that a file's name tells, which may end in {@code .gz}; empty if none. */
  public static Optional<TableFormat> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    String extension = plain.substring(plain.lastIndexOf('.') + 1);
    return plain.indexOf('.') < 0
        ? Optional.empty()
        : Arrays.stream(values()).filter(one -> one.extensions.contains(extension)).findFirst();
  }

  /**
   * Detects the format of a file. The bytes decide between Parquet and text, the name between the
   * text formats; without a known name, the first line does.
   *
   * @param head the first {@link #HEAD} bytes, decompressed
   * @throws InvalidTableException if it is none of the formats
   */
  static TableFormat of(String name, byte[] head) throws InvalidTableException {
    if (FormatSniffer.isParquet(head)) {
      return PARQUET;
    }
    Optional<String> other = other(head);
    if (other.isPresent()) {
      throw new InvalidTableException(EXPECTED + ", but it is " + other.get() + ". " + EXAMPLE);
    }
    String text = new String(head, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "").strip();
    if (text.isEmpty()) {
      throw new InvalidTableException(EXPECTED + ", was an empty file. " + EXAMPLE);
    }
    Optional<TableFormat> found =
        named(name).filter(format -> format != PARQUET).or(() -> ofText(text));
    if (found.isPresent() && found.get() == JSON_LINES && text.startsWith("[")) {
      throw new InvalidTableException(
          "expected one JSON object on each line, was a JSON array. To convert it, run:"
              + " jq -c '.[]' array.json > manifest.jsonl");
    }
    return found.orElseThrow(
        () ->
            new InvalidTableException(
                EXPECTED
                    + ", but it begins with '"
                    + ShortText.begin(text.lines().findFirst().orElse(""), 60)
                    + "'. "
                    + EXAMPLE));
  }

  /** The format of a text by its first line; empty if it is no table. */
  private static Optional<TableFormat> ofText(String text) {
    String first = text.lines().findFirst().orElse("");
    if (first.startsWith("{") || first.startsWith("[")) {
      return Optional.of(JSON_LINES);
    }
    if (first.indexOf('\t') >= 0) {
      return Optional.of(TSV);
    }
    return first.indexOf(',') >= 0 ? Optional.of(CSV) : Optional.empty();
  }

  /** What a file is that is no text in UTF-8, with what to do; empty if it may be a manifest. */
  private static Optional<String> other(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String lower = text.strip().toLowerCase(Locale.ROOT);
    String found = null;
    if (startsWith(head, 0, 'P', 'K', 3, 4)) {
      boolean workbook = text.contains("[Content_Types].xml") || text.contains("xl/");
      boolean open = text.contains("opendocument.spreadsheet");
      found =
          workbook || open
              ? (open ? "an OpenDocument spreadsheet" : "an Excel workbook")
                  + ". Save it as CSV in UTF-8"
              : "a zip archive. Unpack it";
    } else if (startsWith(head, 0, 0xD0, 0xCF, 0x11, 0xE0)) {
      found = "an old Office document, such as an Excel workbook. Save it as CSV in UTF-8";
    } else if (text.startsWith("ARROW1")) {
      found = "an Arrow or Feather file. Write it as Parquet";
    } else if (text.startsWith("Obj\u0001")) {
      found = "an Avro file. Write it as Parquet";
    } else if (text.startsWith("ORC")) {
      found = "an ORC file. Write it as Parquet";
    } else if (text.startsWith("SQLite format 3")) {
      found = "an SQLite database. Export a table as CSV";
    } else if (text.startsWith("%PDF")) {
      found = "a PDF document";
    } else if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      found = "an HTML page, such as the error or the login page of a server";
    } else if (lower.startsWith("<")) {
      found = "an XML document";
    } else if (startsWith(head, 0, 0xFF, 0xFE) || startsWith(head, 0, 0xFE, 0xFF)) {
      found = "a text in UTF-16. Save it as UTF-8";
    } else if (text.indexOf('\0') >= 0) {
      found = "binary data of an unknown format";
    }
    return Optional.ofNullable(found);
  }
}
