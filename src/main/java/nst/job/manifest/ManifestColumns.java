package nst.job.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nst.job.table.Tables;
import nst.model.Domain;
import nst.model.Knob;
import nst.model.Problems;
import nst.model.Redactor;
import nst.model.RunConfig;
import nst.model.text.NearestName;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a manifest that have a meaning, and the types that they may have. The driver
 * checks the columns of a manifest once. {@code docs/manifest.md} describes all columns.
 */
public final class ManifestColumns {
  static final String ID = "id";
  public static final String CONTENT = "content";
  static final String CONTENT_VERSION = "content_version";
  public static final String STYLE = "style";
  static final String STYLES = "styles";
  public static final String MASK = "mask";
  public static final String STYLE_MASK = "style_mask";

  private static final List<String> TEXT_COLUMNS =
      List.of(CONTENT, CONTENT_VERSION, STYLE, MASK, STYLE_MASK, RunConfig.PRESET);

  private ManifestColumns() {}

  /** All known columns, in the order of the documentation. */
  public static List<String> columns() {
    return Stream.concat(
            Stream.of(
                ID, CONTENT, CONTENT_VERSION, STYLE, STYLES, MASK, STYLE_MASK, RunConfig.PRESET),
            Knob.keys().stream())
        .toList();
  }

  /**
   * Adds every fault of the columns to {@code problems}.
   *
   * @param texts the columns that are given as text, in a folder's name or a text file
   */
  static void check(String where, StructType columns, Set<String> texts, Problems problems) {
    Set<String> names = new TreeSet<>(Arrays.asList(columns.fieldNames()));
    if (!names.contains(CONTENT)) {
      problems.add(
          where, CONTENT, "The column is missing. Add it, with the URI of a photo in every row.");
    }
    if (!names.contains(STYLE) && !names.contains(STYLES)) {
      problems.add(
          where,
          STYLE,
          "The columns `style` and `styles` are both missing. Add `style` (a URI) or `styles` (an array of struct<uri, weight>).");
    }
    for (StructField field : columns.fields()) {
      boolean isText = texts.contains(field.name()) && hasTextForm(field.name());
      if (!isText && !field.dataType().equals(DataTypes.NullType)) {
        checkField(where, field, problems);
      }
    }
  }

  /**
   * What a column of a knob was expected to hold, and what it holds; empty if its values can be
   * parsed.
   */
  public static Optional<String> fault(Knob knob, DataType type) {
    Domain.Kind kind = knob.domain().kind();
    return accepts(kind, type)
        ? Optional.empty()
        : Optional.of("expected " + wording(kind) + ", was " + type.simpleString());
  }

  /** Whether a column is known and its text is parsed for each row. */
  private static boolean hasTextForm(String name) {
    return columns().contains(name) && !name.equals(STYLES);
  }

  private static void checkField(String where, StructField field, Problems problems) {
    String name = field.name();
    DataType type = field.dataType();
    Optional<Knob> knob = Knob.named(name);
    if (knob.isPresent()) {
      fault(knob.get(), type).ifPresent(words -> problems.add(where, name, words));
    } else if (TEXT_COLUMNS.contains(name)) {
      require(where, name, type, type.equals(DataTypes.StringType), "a string", problems);
    } else if (name.equals(ID)) {
      require(
          where,
          name,
          type,
          type.equals(DataTypes.StringType) || Widening.isNumber(type),
          "a string or a whole number",
          problems);
    } else if (name.equals(STYLES)) {
      require(
          where, name, type, isStyles(type), "array<struct<uri:string,weight:double>>", problems);
    } else {
      if (!Redactor.isClean(name)) {
        problems.add(where, name, "expected a name without credentials");
      }
      NearestName.of(name, columns())
          .ifPresent(
              near ->
                  problems.add(
                      where,
                      name,
                      "Unknown column `"
                          + name
                          + "`. Did you mean `"
                          + near
                          + "`? If it is your own column, rename it."));
      ofOurTables()
          .filter(name::equalsIgnoreCase)
          .findFirst()
          .ifPresent(
              ours ->
                  problems.add(
                      where,
                      name,
                      "The name is reserved: the output tables have a column `"
                          + ours
                          + "`"
                          + (ours.equals(name) ? "" : ", and many readers ignore case")
                          + ". Rename your column."));
    }
  }

  private static Stream<String> ofOurTables() {
    return Stream.concat(Tables.metrics().stream(), Arrays.stream(Tables.PLAN.fieldNames()));
  }

  private static void require(
      String where, String name, DataType type, boolean holds, String expected, Problems problems) {
    if (!holds) {
      problems.add(where, name, "expected " + expected + ", was " + type.simpleString());
    }
  }

  private static String wording(Domain.Kind kind) {
    return switch (kind) {
      case REAL -> "a number";
      case WHOLE -> "a whole number";
      case TEXT -> "a string";
      case LAYERS -> "a string, an array of strings or a map from string to number";
    };
  }

  private static boolean accepts(Domain.Kind kind, DataType type) {
    return switch (kind) {
      case REAL, WHOLE ->
          Widening.isNumber(
              type); // a column of whole numbers with nulls is often stored as doubles
      case TEXT -> type.equals(DataTypes.StringType);
      case LAYERS ->
          type.equals(DataTypes.StringType)
              || (type instanceof ArrayType array && isNone(array.elementType(), isText()))
              || (type instanceof MapType map
                  && map.keyType().equals(DataTypes.StringType)
                  && isNone(map.valueType(), Widening::isNumber));
    };
  }

  private static Predicate<DataType> isText() {
    return DataTypes.StringType::equals;
  }

  /** Whether a nested type is as expected, or has no values. */
  private static boolean isNone(DataType type, Predicate<DataType> expected) {
    return type.equals(DataTypes.NullType) || expected.test(type);
  }

  private static boolean isStyles(DataType type) {
    if (!(type instanceof ArrayType array) || !(array.elementType() instanceof StructType struct)) {
      return false;
    }
    boolean named = false;
    for (StructField field : struct.fields()) {
      boolean fits =
          switch (field.name()) {
            case "uri", MASK, STYLE_MASK -> isNone(field.dataType(), isText());
            case "weight" -> isNone(field.dataType(), Widening::isNumber);
            default -> false;
          };
      if (!fits) {
        return false;
      }
      named |= field.name().equals("uri");
    }
    return named;
  }
}
