package nst.job.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.source.InvalidTableException;
import nst.job.source.TableFormat;
import nst.job.source.TextFile;
import nst.job.source.TextRecord;
import nst.job.source.TextRecords;
import nst.model.text.ShortText;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds what a Parquet file has in its footer by reading a whole text file. */
final class TextFooter {
  /** More names than this are not columns: an object is used as a map, for example. */
  private static final int MAX_COLUMNS = 10_000;

  private TextFooter() {}

  /** Reads a file; empty if it is a Parquet file, which has a footer. */
  static Optional<ManifestFooter> read(Path file, Configuration hadoop) {
    if (TableFormat.named(file.getName()).equals(Optional.of(TableFormat.PARQUET))) {
      return Optional.empty();
    }
    String where = ManifestFiles.shown(file);
    try (TextFile text = TextFile.open(file, hadoop)) {
      return text.format() == TableFormat.PARQUET ? Optional.empty() : Optional.of(read(text));
    } catch (InvalidTableException e) {
      return Optional.of(ManifestFooter.unreadable(where, e.getMessage()));
    } catch (IOException e) {
      return Optional.of(
          ManifestFooter.unreadable(where, TableFormat.EXPECTED + ", but " + e.getMessage()));
    }
  }

  /**
   * Counts the rows and finds the types of the columns.
   *
   * @throws InvalidTableException if the file cannot be divided into rows
   */
  private static ManifestFooter read(TextFile file) throws IOException, InvalidTableException {
    Map<String, TextType> types = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    long rows = 0;
    try (TextRecords records = file.records()) {
      requireKnownColumn(file.format(), records.header());
      for (String name : records.header()) {
        names.add(name); // a name that occurs twice is reported later
        types.put(name, new TextType());
      }
      Optional<TextRecord> record = records.next();
      while (record.isPresent()) {
        rows++;
        record
            .get()
            .cells()
            .forEach(
                (name, cell) ->
                    types
                        .computeIfAbsent(
                            name,
                            added -> {
                              names.add(added);
                              return new TextType();
                            })
                        .add(cell));
        if (names.size() > MAX_COLUMNS) {
          throw new InvalidTableException(
              "line "
                  + record.get().line()
                  + ": expected at most "
                  + MAX_COLUMNS
                  + " columns, found more names");
        }
        record = records.next();
      }
    }
    List<ManifestColumn> columns =
        names.stream().map(name -> TextColumns.column(name, types.get(name))).toList();
    return new ManifestFooter(file.format(), rows, columns, List.of());
  }

  private static void requireKnownColumn(TableFormat format, List<String> header)
      throws InvalidTableException {
    if (header.isEmpty() || header.stream().anyMatch(ManifestColumns.columns()::contains)) {
      return;
    }
    String first = String.join(format == TableFormat.TSV ? "\t" : ",", header);
    String hint = "";
    for (String separator : List.of(";", "\t", ",", "|")) {
      if (header.size() == 1 && first.contains(separator)) {
        hint = ". Columns of " + format.label() + " are separated by " + separator(format);
        break;
      }
    }
    throw new InvalidTableException(
        "line 1: expected the names of the columns, such as content and style, was '"
            + ShortText.quoted(first)
            + "'"
            + hint);
  }

  private static String separator(TableFormat format) {
    return format == TableFormat.TSV ? "tabs" : "commas";
  }
}
