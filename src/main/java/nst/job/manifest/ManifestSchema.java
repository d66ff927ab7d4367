package nst.job.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nst.model.Problems;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The combined columns of all files of a manifest: every column of any file, with a type that can
 * hold the values of all files, followed by the partition columns from folder names, as text.
 *
 * @param columns the columns of the manifest; {@code NullType} if no file has a value
 * @param folders the columns that come from folder names and are not in any file
 */
record ManifestSchema(StructType columns, Set<String> folders) {

  /** The column that Spark's Parquet reader fills with the numbers of the rows. */
  private static final String ROW_INDEX = "_tmp_metadata_row_index";

  /** A column as combined from the files so far. */
  private record Known(DataType type, DataType stored, boolean exactAsDouble, String file) {}

  /**
   * Combines the columns of the files.
   *
   * @param footers the footers of the files, in the same order
   * @param problems receives every column with incompatible types
   */
  static ManifestSchema of(ManifestFiles files, List<ManifestFooter> footers, Problems problems) {
    Map<String, Known> known = new LinkedHashMap<>();
    for (int i = 0; i < footers.size(); i++) {
      String file = ManifestFiles.shown(files.files().get(i).path());
      Set<String> inFile = new LinkedHashSet<>();
      for (ManifestColumn column : footers.get(i).columns()) {
        if (inFile.add(column.name())) {
          merge(known, column, file, problems);
        } else {
          problems.add(file, column.name(), "expected one column of this name, found several");
        }
      }
    }
    Set<String> folders = new LinkedHashSet<>();
    for (ManifestFiles.File file : files.files()) {
      for (String name : file.folders().keySet()) {
        if (known.containsKey(name)) {
          problems.add(
              ManifestFiles.shown(file.path()),
              name,
              "expected either a column or a folder "
                  + name
                  + "=..., found both: rename the folder or drop the column");
        } else {
          folders.add(name);
        }
      }
    }
    List<StructField> fields = new ArrayList<>();
    known.forEach((name, column) -> fields.add(field(name, resolved(name, column))));
    folders.forEach(name -> fields.add(field(name, DataTypes.StringType)));
    refuseCase(files, fields, problems);
    refuseSparksName(files, fields, problems);
    return new ManifestSchema(new StructType(fields.toArray(new StructField[0])), folders);
  }

  private static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, true);
  }

  private static void merge(
      Map<String, Known> known, ManifestColumn column, String file, Problems problems) {
    Known before = known.get(column.name());
    if (before == null) {
      known.put(
          column.name(), new Known(column.type(), column.stored(), column.exactAsDouble(), file));
      return;
    }
    boolean exact = before.exactAsDouble() && column.exactAsDouble();
    Optional<DataType> type = widened(column.name(), before.type(), column.type());
    boolean rounds =
        type.isPresent()
            && type.get().equals(DataTypes.DoubleType)
            && !exact
            && !before.type().equals(column.type());
    if (type.isEmpty() || rounds) {
      problems.add(
          file,
          column.name(),
          "expected "
              + before.type().simpleString()
              + " as in "
              + before.file()
              + ", was "
              + column.type().simpleString()
              + (rounds ? ": a double cannot hold all whole numbers above 2^53" : "")
              + "; cast the column to one type in all files");
      return;
    }
    known.put(column.name(), new Known(type.get(), before.stored(), exact, before.file()));
  }

  /** Ids may be whole numbers in one file and strings in another; they are combined as strings. */
  private static Optional<DataType> widened(String name, DataType a, DataType b) {
    Optional<DataType> type = Widening.of(a, b);
    boolean texts =
        name.equals(ManifestColumns.ID)
            && (Widening.isWhole(a) || a.equals(DataTypes.StringType))
            && (Widening.isWhole(b) || b.equals(DataTypes.StringType));
    return type.isEmpty() && texts ? Optional.of(DataTypes.StringType) : type;
  }

  /** A known column without values keeps the null type, which is accepted for every column. */
  private static DataType resolved(String name, Known column) {
    if (ManifestColumns.columns().contains(name)) {
      return column.type();
    }
    return column.type().equals(DataTypes.NullType)
        ? column.stored()
        : Widening.withoutNullType(column.type(), DataTypes.StringType);
  }

  /** Refuses a name that Spark adds to the columns of a file in order to number its rows. */
  private static void refuseSparksName(
      ManifestFiles files, List<StructField> fields, Problems problems) {
    for (StructField field : fields) {
      if (field.name().equalsIgnoreCase(ROW_INDEX)) {
        problems.add(
            ManifestFiles.shown(files.files().get(0).path()),
            field.name(),
            "The name is reserved: Spark uses it to read a file. Rename your column.");
      }
    }
  }

  /** Refuses names that differ only in case, because many readers ignore case. */
  private static void refuseCase(ManifestFiles files, List<StructField> fields, Problems problems) {
    Map<String, String> seen = new LinkedHashMap<>();
    for (StructField field : fields) {
      String before = seen.put(field.name().toLowerCase(Locale.ROOT), field.name());
      if (before != null) {
        problems.add(
            ManifestFiles.shown(files.files().get(0).path()),
            field.name(),
            "expected names that differ by more than case, but there is also a column " + before);
      }
    }
  }
}
