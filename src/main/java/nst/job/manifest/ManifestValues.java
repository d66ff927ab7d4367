package nst.job.manifest;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import nst.model.Domain;
import nst.model.Knob;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Finds the values of the known columns in the rows of a manifest. */
final class ManifestValues implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The longest text that is parsed as a whole number. */
  private static final int MAX_DIGITS = 40;

  /** The index of each known column that this manifest has. */
  private final TreeMap<String, Integer> places = new TreeMap<>();

  private final EnumMap<Knob, Integer> knobs = new EnumMap<>(Knob.class);

  /** The index of the fault of a row that cannot be read. */
  private final int fault;

  ManifestValues(StructType schema) {
    fault = schema.size() + 2; // after the file and the index
    List<String> names = Arrays.asList(schema.fieldNames());
    for (String column : ManifestColumns.columns()) {
      int place = names.indexOf(column);
      if (place >= 0) {
        places.put(column, place);
        Knob.named(column).ifPresent(knob -> knobs.put(knob, place));
      }
    }
  }

  /** The text of a column without surrounding blanks; empty if there is none. */
  String text(Row row, String column) {
    Object value = value(row, column);
    return value == null ? "" : value.toString().strip();
  }

  /** The value of a column, with Java collections; null if the row or the manifest has none. */
  Object value(Row row, String column) {
    Integer place = places.get(column);
    return place == null || row.isNullAt(place) ? null : value(row, place);
  }

  private static Object value(Row row, int place) {
    Object value = row.get(place);
    if (value instanceof String || value instanceof Number) {
      return value;
    }
    DataType type = row.schema().fields()[place].dataType();
    if (type instanceof ArrayType) {
      return row.getList(place);
    }
    return type instanceof MapType ? row.getJavaMap(place) : value;
  }

  /** What was expected and found, if the row cannot be read. */
  Optional<String> fault(Row row) {
    return row.isNullAt(fault) ? Optional.empty() : Optional.of(row.getString(fault));
  }

  /** The values of a row's knobs, not parsed yet. */
  Map<Knob, Object> knobs(Row row) {
    Map<Knob, Object> values = new EnumMap<>(Knob.class);
    knobs.forEach(
        (knob, place) -> {
          if (!row.isNullAt(place)) {
            values.put(knob, number(knob, value(row, place)));
          }
        });
    return values;
  }

  /** A whole number as pandas writes it in a text, {@code 512.0}; other values as they are. */
  private static Object number(Knob knob, Object value) {
    if (knob.domain().kind() == Domain.Kind.WHOLE
        && value instanceof String text
        && text.length() <= MAX_DIGITS) {
      try {
        return new BigDecimal(text.strip());
      } catch (NumberFormatException e) {
        return value; // the knob's domain says what was expected
      }
    }
    return value;
  }

  /** The value of a struct's field; null if the struct has none. */
  static Object field(Row struct, String name) {
    int index = Arrays.asList(struct.schema().fieldNames()).indexOf(name);
    return index < 0 ? null : struct.get(index);
  }
}
