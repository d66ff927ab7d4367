package nst.job.sweep;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nst.job.executor.Session;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.TransferException;
import nst.model.text.Sha256;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The manifest of a sweep. */
public final class SweepTable {
  /** The user's own column with the share of the second painting. */
  private static final String BLEND = "blend";

  /** Hadoop's configuration key for the file {@code _SUCCESS} in a complete table. */
  private static final String MARK_COMPLETE = "mapreduce.fileoutputcommitter.marksuccessfuljobs";

  private static final String OUTPUT = "--output";
  private static final String NOT_NEW = "expected a table that does not exist, was ";

  private static final StructType PART =
      new StructType()
          .add("uri", DataTypes.StringType, false)
          .add("weight", DataTypes.DoubleType, false);

  private final StructType schema;
  private final StructType own;
  private final List<Row> rows = new ArrayList<>();

  /** More columns of a manifest, which are copied to {@code metrics}. */
  public interface OwnColumns {
    StructType schema();

    /** Their values in a row. */
    List<Object> values(SweepRow row);
  }

  /** No more columns. */
  private static final OwnColumns NONE =
      new OwnColumns() {
        @Override
        public StructType schema() {
          return new StructType();
        }

        @Override
        public List<Object> values(SweepRow row) {
          return List.of();
        }
      };

  /** Creates the manifest. Columns that no row needs are left out. */
  public SweepTable(Sweep sweep) {
    this(sweep, NONE);
  }

  /** Creates the manifest with more columns. */
  public SweepTable(Sweep sweep, OwnColumns own) {
    boolean several = sweep.rows().stream().anyMatch(row -> row.style().parts().size() > 1);
    boolean blends = sweep.rows().stream().anyMatch(row -> row.style().blend().isPresent());
    StructType columns =
        new StructType()
            .add("id", DataTypes.StringType, false)
            .add("content", DataTypes.StringType, false)
            .add("style", DataTypes.StringType, true);
    if (several) {
      columns = columns.add("styles", DataTypes.createArrayType(PART), true);
    }
    if (blends) {
      columns = columns.add(BLEND, DataTypes.DoubleType, true);
    }
    if (sweep.hasPreset()) {
      columns = columns.add(RunConfig.PRESET, DataTypes.StringType, true);
    }
    for (Knob knob : sweep.knobs()) {
      columns = columns.add(knob.key(), Tables.type(knob.domain().kind()), true);
    }
    for (StructField field : own.schema().fields()) {
      columns = columns.add(field);
    }
    this.schema = columns;
    this.own = blends ? own.schema().add(BLEND, DataTypes.DoubleType, true) : own.schema();
    for (SweepRow row : sweep.rows()) {
      List<Object> values = new ArrayList<>(List.of(row.id(), row.content()));
      addStyle(row.style(), several, blends, values);
      if (sweep.hasPreset()) {
        values.add(row.point().preset().map(Preset::label).orElse(null));
      }
      for (Knob knob : sweep.knobs()) {
        Object value = row.point().knobs().get(knob);
        values.add(value instanceof Number ? value : knob.domain().text(value));
      }
      values.addAll(own.values(row));
      rows.add(RowFactory.create(values.toArray()));
    }
  }

  /** The columns that are neither knobs nor inputs. They are copied to {@code metrics}. */
  public StructType own() {
    return own;
  }

  private static void addStyle(
      SweepStyle style, boolean several, boolean blends, List<Object> values) {
    boolean one = style.parts().size() == 1;
    values.add(one ? style.parts().get(0).uri() : null);
    if (several) {
      values.add(
          one
              ? null
              : style.parts().stream()
                  .map(part -> RowFactory.create(part.uri(), part.weight()))
                  .toList());
    }
    if (blends) {
      values.add(style.blend().isPresent() ? style.blend().getAsDouble() : null);
    }
  }

  /** A place in an output that depends only on the rows, so that equal sweeps share a manifest. */
  public String placeIn(String output) {
    StringBuilder text = new StringBuilder(schema.simpleString());
    rows.forEach(row -> text.append('\n').append(row));
    String digest = Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    return OutputLayout.sweeps(output) + "/" + digest.substring(0, 32) + ".parquet";
  }

  /**
   * Checks that a new table can be written.
   *
   * @param uri absolute
   * @param problems receives the fault
   */
  public static void requireAbsent(Session session, String uri, Problems problems) {
    try {
      session.requireStorage(OUTPUT, uri);
      if (isLocal(uri)) {
        requireAbsent(Path.of(Uris.display(uri)), problems);
      } else if (session.store().exists(uri) || session.store().list(uri).hasNext()) {
        problems.add(OUTPUT, "", NOT_NEW + uri);
      }
    } catch (InvalidInputException e) {
      e.problems().forEach(fault -> problems.add(fault.where(), fault.column(), fault.message()));
    } catch (TransferException e) {
      problems.add(OUTPUT, "", e.getMessage());
    }
  }

  private static void requireAbsent(Path table, Problems problems) {
    if (Files.exists(table)) {
      problems.add(OUTPUT, "", NOT_NEW + table);
      return;
    }
    Path above = table;
    while (!Files.exists(above)) {
      above = above.getParent();
    }
    if (!Files.isDirectory(above)) {
      problems.add(OUTPUT, "", "expected a folder, was a file: " + above);
    }
  }

  private static boolean isLocal(String uri) {
    return Uris.scheme(uri).equals("file");
  }

  /**
   * Writes the manifest, unless it is there. One that was not written to its end is replaced. One
   * that is complete is left as it is, because a run continues only with the same files.
   *
   * @param uri absolute
   */
  public void write(Session session, String uri) {
    if (!session.store().exists(uri + "/_SUCCESS")) {
      session
          .spark()
          .createDataFrame(rows, schema)
          .coalesce(1)
          .write()
          .mode(SaveMode.Overwrite)
          .option(MARK_COMPLETE, true) // the configuration of this program switches it off
          .parquet(uri);
    }
  }
}
