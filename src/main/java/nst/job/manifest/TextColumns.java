package nst.job.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import nst.job.source.Cell;
import nst.job.source.Cell.Kind;
import nst.job.source.TableFormat;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.text.ShortText;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of text files. The known columns are texts, which {@link Manifest} parses, except for
 * {@code styles}. The type of a user's own column follows from its values, see {@link TextType}.
 */
final class TextColumns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> STYLE_FIELDS =
      List.of("uri", "weight", ManifestColumns.MASK, ManifestColumns.STYLE_MASK);

  private static final DataType STYLES =
      DataTypes.createArrayType(
          new StructType()
              .add(STYLE_FIELDS.get(0), DataTypes.StringType)
              .add(STYLE_FIELDS.get(1), DataTypes.DoubleType)
              .add(STYLE_FIELDS.get(2), DataTypes.StringType)
              .add(STYLE_FIELDS.get(3), DataTypes.StringType));

  private TextColumns() {}

  /** A column of one file. */
  static ManifestColumn column(String name, TextType type) {
    if (isKnown(name)) {
      DataType known = name.equals(ManifestColumns.STYLES) ? STYLES : DataTypes.StringType;
      return column(name, known, type.isEmpty() ? DataTypes.NullType : known, true);
    }
    DataType found = type.type();
    DataType stored = found.equals(DataTypes.NullType) ? DataTypes.StringType : found;
    return column(name, stored, found, type.isExactAsDouble());
  }

  private static ManifestColumn column(
      String name, DataType stored, DataType type, boolean isExact) {
    return new ManifestColumn(name, stored, ManifestColumn.Form.PLAIN, type, isExact);
  }

  private static boolean isKnown(String name) {
    return ManifestColumns.columns().contains(name);
  }

  /**
   * Gives each of the user's own columns one type in all text files. Columns of different types are
   * texts. In Parquet files, a type is not a guess, so those must agree.
   */
  static List<ManifestFooter> unified(List<ManifestFooter> footers) {
    Map<String, ManifestColumn> merged = new LinkedHashMap<>();
    for (ManifestFooter footer : footers) {
      if (footer.format() == TableFormat.PARQUET) {
        return footers;
      }
      footer.columns().stream()
          .filter(column -> !isKnown(column.name()))
          .forEach(column -> merged.merge(column.name(), column, TextColumns::merged));
    }
    return footers.stream()
        .map(
            footer ->
                footer.withColumns(
                    footer.columns().stream()
                        .map(column -> merged.getOrDefault(column.name(), column))
                        .toList()))
        .toList();
  }

  private static ManifestColumn merged(ManifestColumn a, ManifestColumn b) {
    boolean isExact = a.exactAsDouble() && b.exactAsDouble();
    DataType type =
        Widening.of(a.type(), b.type())
            .filter(wider -> isExact || !Widening.isReal(wider))
            .orElse(DataTypes.StringType);
    DataType stored = type.equals(DataTypes.NullType) ? DataTypes.StringType : type;
    return column(a.name(), stored, type, isExact);
  }

  /**
   * Converts a value to the type of its column.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  static Object value(ManifestColumn column, Cell cell) {
    String name = column.name();
    if (name.equals(ManifestColumns.STYLES)) {
      return styles(cell);
    }
    if (!isKnown(name)) {
      return own(column.stored(), cell.text());
    }
    boolean isLayers =
        Knob.named(name).map(knob -> knob.domain().kind() == Domain.Kind.LAYERS).orElse(false);
    if (isLayers && cell.kind() != Kind.TEXT && cell.text().matches("(?s)\\s*[\\[{].*")) {
      return layers(cell.text());
    }
    if (cell.kind() == Kind.NESTED) {
      throw new IllegalArgumentException(
          "expected a single value, was " + ShortText.quoted(cell.text()));
    }
    return name.equals(ManifestColumns.ID) && cell.kind() == Kind.NUMBER
        ? wholeNumber(cell.text())
        : cell.text();
  }

  private static Object own(DataType type, String text) {
    if (type.equals(DataTypes.BooleanType)) {
      return Boolean.valueOf(text);
    }
    if (type.equals(DataTypes.LongType)) {
      return Long.valueOf(text);
    }
    return type.equals(DataTypes.DoubleType) ? (Object) Double.valueOf(text) : text;
  }

  /** A whole number without decimals; pandas writes {@code 7.0} if other rows have no number. */
  private static String wholeNumber(String number) {
    BigDecimal value = new BigDecimal(number);
    return value.precision() - value.scale() <= 20 && value.stripTrailingZeros().scale() <= 0
        ? value.toBigInteger().toString()
        : number;
  }

  /** A JSON array of names, or an object from name to weight, as {@code name:weight,name}. */
  private static String layers(String json) {
    JsonNode layers = json(json, "layers such as relu1_1:0.5,relu4_2, or a JSON array or object");
    StringJoiner text = new StringJoiner(",");
    if (layers.isArray()) {
      layers.forEach(layer -> text.add(layer.asText()));
    } else {
      layers
          .fields()
          .forEachRemaining(
              layer -> text.add(layer.getKey() + ":" + layer.getValue().asText("null")));
    }
    return text.toString();
  }

  private static Object[] styles(Cell cell) {
    String expected =
        "a JSON array such as [{\"uri\": \"a.jpg\", \"weight\": 2}, {\"uri\": \"b.jpg\"}]";
    JsonNode styles = json(cell.text(), expected);
    if (!styles.isArray()) {
      throw refused(expected, cell.text());
    }
    List<Row> rows = new ArrayList<>();
    for (JsonNode style : styles) {
      if (!style.isObject()) {
        throw refused(expected, cell.text());
      }
      for (Iterator<String> names = style.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!STYLE_FIELDS.contains(name)) {
          throw refused("the fields " + String.join(", ", STYLE_FIELDS), name);
        }
      }
      rows.add(
          RowFactory.create(
              text(style, "uri"),
              weight(style.path("weight"), cell.text()),
              text(style, ManifestColumns.MASK),
              text(style, ManifestColumns.STYLE_MASK)));
    }
    return rows.toArray();
  }

  private static String text(JsonNode style, String field) {
    JsonNode value = style.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw refused("a string for " + field, value.toString());
    }
    return value.asText();
  }

  private static Double weight(JsonNode weight, String json) {
    if (weight.isMissingNode() || weight.isNull()) {
      return null;
    }
    if (!weight.isNumber()) {
      throw refused("a number for weight", json);
    }
    return weight.doubleValue();
  }

  private static JsonNode json(String text, String expected) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw refused(expected, text);
    }
  }

  private static IllegalArgumentException refused(String expected, String was) {
    return new IllegalArgumentException("expected " + expected + ", was " + ShortText.quoted(was));
  }
}
