package nst.job.table;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nst.model.InvalidInputException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads columns of texts from a Parquet table in this process. For a few rows, a query in Spark
 * takes two seconds longer.
 */
public final class TextColumns {
  private TextColumns() {}

  /**
   * The rows of a table.
   *
   * @param folder absolute URI of the table
   * @param columns their names; a column that a file does not have is null in its rows
   * @return the texts of each row, in the order of {@code columns}
   * @throws InvalidInputException if the table cannot be read
   */
  public static List<List<Optional<String>>> read(
      Configuration hadoop, String folder, List<String> columns) {
    List<List<Optional<String>>> rows = new ArrayList<>();
    try {
      Path table = new Path(folder);
      FileSystem files = table.getFileSystem(hadoop);
      FileStatus[] parts = files.listStatus(table, TextColumns::isPart);
      Arrays.sort(parts, comparing(FileStatus::getPath));
      for (FileStatus part : parts) {
        read(HadoopInputFile.fromStatus(part, hadoop), columns, rows);
      }
    } catch (IOException | RuntimeException e) { // parquet-mr throws both for damaged files
      throw new InvalidInputException(folder, "", "cannot be read: " + e.getMessage());
    }
    return rows;
  }

  /** Whether Spark reads a file as a part of the table. */
  private static boolean isPart(Path file) {
    return !file.getName().startsWith("_") && !file.getName().startsWith(".");
  }

  private static void read(
      HadoopInputFile part, List<String> columns, List<List<Optional<String>>> rows)
      throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(part)) {
      MessageType all = reader.getFileMetaData().getSchema();
      MessageType wanted =
          new MessageType(
              all.getName(),
              columns.stream().filter(all::containsField).map(all::getType).toList());
      reader.setRequestedSchema(wanted);
      MessageColumnIO assembly = new ColumnIOFactory().getColumnIO(wanted, all);
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        RecordReader<Group> records =
            assembly.getRecordReader(group, new GroupRecordConverter(wanted));
        for (long row = 0; row < group.getRowCount(); row++) {
          Group record = records.read();
          rows.add(columns.stream().map(column -> text(record, column)).toList());
        }
      }
    }
  }

  private static Optional<String> text(Group record, String column) {
    return record.getType().containsField(column) && record.getFieldRepetitionCount(column) > 0
        ? Optional.of(record.getString(column, 0))
        : Optional.empty();
  }
}
