package nst.job.manifest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import nst.job.manifest.ManifestColumn.Form;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Maps Parquet types to the types that Spark reads and to the types of the manifest. Spark's own
 * conversion rejects a whole file because of one unsupported column, and does not name that column.
 */
final class ParquetTypes {
  /** The maximum number of digits of a decimal in Spark. */
  private static final int MAX_DIGITS = DecimalType.MAX_PRECISION();

  /** Whether all values of the primitive column at a path are null. */
  private final Predicate<List<String>> allNull;

  /** Whether bytes without an annotation are text: {@code spark.sql.parquet.binaryAsString}. */
  private final boolean binaryIsText;

  ParquetTypes(Predicate<List<String>> allNull, boolean binaryIsText) {
    this.allNull = allNull;
    this.binaryIsText = binaryIsText;
  }

  /** The type that Spark reads, and the type of the manifest. */
  record Meaning(DataType stored, Form form, DataType type) {
    private static Meaning plain(DataType type) {
      return new Meaning(type, Form.PLAIN, type);
    }
  }

  /** An unsupported type; the message names it, and a type to cast it to. */
  static final class UnreadableTypeException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableTypeException(String type, String castTo) {
      super("expected a type that Spark can read, was " + type + "; cast the column to " + castTo);
    }
  }

  /**
   * Maps the type of a top-level column.
   *
   * @throws UnreadableTypeException if neither Spark nor this program supports the type
   */
  Meaning of(Type column) throws UnreadableTypeException {
    return of(column, new ArrayList<>());
  }

  private Meaning of(Type type, List<String> parents) throws UnreadableTypeException {
    List<String> path = new ArrayList<>(parents);
    path.add(type.getName());
    Meaning one = unrepeated(type, path);
    return type.isRepetition(Type.Repetition.REPEATED) ? array(nested(one, type)) : one;
  }

  private Meaning unrepeated(Type type, List<String> path) throws UnreadableTypeException {
    if (!type.isPrimitive()) {
      return group(type.asGroupType(), path);
    }
    Meaning meaning = primitive(type.asPrimitiveType());
    return allNull.test(path)
        ? new Meaning(meaning.stored(), Form.PLAIN, DataTypes.NullType)
        : meaning;
  }

  /** Inside lists, maps and structs only Spark's own types are supported. */
  private static Meaning nested(Meaning meaning, Type type) throws UnreadableTypeException {
    if (meaning.form() == Form.PLAIN) {
      return meaning;
    }
    throw new UnreadableTypeException(
        words(type) + " inside a list, map or struct",
        meaning.form() == Form.TIMESTAMP_NANOS || meaning.form() == Form.LOCAL_TIMESTAMP_NANOS
            ? "timestamps in microseconds"
            : "strings");
  }

  private static Meaning array(Meaning element) {
    return new Meaning(
        DataTypes.createArrayType(element.stored()),
        Form.PLAIN,
        DataTypes.createArrayType(element.type()));
  }

  private Meaning group(GroupType group, List<String> path) throws UnreadableTypeException {
    LogicalTypeAnnotation annotation = group.getLogicalTypeAnnotation();
    boolean holdsOneRepeated =
        group.getFieldCount() == 1 && group.getType(0).isRepetition(Type.Repetition.REPEATED);
    if (annotation instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation && holdsOneRepeated) {
      return list(group, path);
    }
    if ((annotation instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation
            || annotation instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation)
        && holdsOneRepeated
        && !group.getType(0).isPrimitive()
        && group.getType(0).asGroupType().getFieldCount() == 2) {
      return map(group.getType(0).asGroupType(), path);
    }
    return struct(group, path);
  }

  /** Maps a list, with Parquet's compatibility rules for the two-level lists of old writers. */
  private Meaning list(GroupType list, List<String> path) throws UnreadableTypeException {
    Type repeated = list.getType(0);
    List<String> inside = new ArrayList<>(path);
    inside.add(repeated.getName());
    boolean isElement =
        repeated.isPrimitive()
            || repeated.asGroupType().getFieldCount() > 1
            || repeated.getName().equals("array")
            || repeated.getName().equals(list.getName() + "_tuple");
    return array(
        isElement
            ? nested(unrepeated(repeated, inside), repeated)
            : nested(of(repeated.asGroupType().getType(0), inside), repeated));
  }

  private Meaning map(GroupType pairs, List<String> path) throws UnreadableTypeException {
    List<String> inside = new ArrayList<>(path);
    inside.add(pairs.getName());
    Meaning key = nested(of(pairs.getType(0), inside), pairs.getType(0));
    Meaning value = nested(of(pairs.getType(1), inside), pairs.getType(1));
    return new Meaning(
        DataTypes.createMapType(key.stored(), value.stored()),
        Form.PLAIN,
        DataTypes.createMapType(key.stored(), value.type()));
  }

  private Meaning struct(GroupType group, List<String> path) throws UnreadableTypeException {
    if (group.getFieldCount() == 0) {
      throw new UnreadableTypeException("a struct without fields", "a string");
    }
    List<StructField> stored = new ArrayList<>();
    List<StructField> types = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Type field : group.getFields()) {
      if (!names.add(field.getName().toLowerCase(Locale.ROOT))) {
        throw new UnreadableTypeException(
            "a struct with two fields " + field.getName() + " (Spark ignores case)",
            "a struct with different names");
      }
      Meaning meaning = nested(of(field, path), field);
      stored.add(DataTypes.createStructField(field.getName(), meaning.stored(), true));
      types.add(DataTypes.createStructField(field.getName(), meaning.type(), true));
    }
    return new Meaning(
        new StructType(stored.toArray(new StructField[0])),
        Form.PLAIN,
        new StructType(types.toArray(new StructField[0])));
  }

  private Meaning primitive(PrimitiveType type) throws UnreadableTypeException {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Meaning.plain(DataTypes.BooleanType);
      case FLOAT -> Meaning.plain(DataTypes.FloatType);
      case DOUBLE -> Meaning.plain(DataTypes.DoubleType);
      case INT96 -> Meaning.plain(DataTypes.TimestampType);
      case INT32 -> int32(type, annotation);
      case INT64 -> int64(type, annotation);
      case BINARY -> binary(annotation);
      case FIXED_LEN_BYTE_ARRAY -> fixed(type, annotation);
    };
  }

  private static Meaning int32(PrimitiveType type, LogicalTypeAnnotation annotation)
      throws UnreadableTypeException {
    if (annotation == null) {
      return Meaning.plain(DataTypes.IntegerType);
    }
    if (annotation instanceof IntLogicalTypeAnnotation whole) {
      return Meaning.plain(
          switch (whole.isSigned() ? whole.getBitWidth() : 2 * whole.getBitWidth()) {
            case 8 -> DataTypes.ByteType;
            case 16 -> DataTypes.ShortType;
            case 32 -> DataTypes.IntegerType;
            default -> DataTypes.LongType; // unsigned 32 bits
          });
    }
    if (annotation instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return Meaning.plain(DataTypes.DateType);
    }
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal);
    }
    if (annotation instanceof TimeLogicalTypeAnnotation) {
      return new Meaning(DataTypes.IntegerType, Form.TIME_MILLIS, DataTypes.StringType);
    }
    throw new UnreadableTypeException(words(type), "a string");
  }

  private static Meaning int64(PrimitiveType type, LogicalTypeAnnotation annotation)
      throws UnreadableTypeException {
    if (annotation == null) {
      return Meaning.plain(DataTypes.LongType);
    }
    if (annotation instanceof IntLogicalTypeAnnotation whole) {
      return Meaning.plain(
          whole.isSigned() ? DataTypes.LongType : DataTypes.createDecimalType(20, 0));
    }
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal);
    }
    if (annotation instanceof TimeLogicalTypeAnnotation time) {
      return new Meaning(
          DataTypes.LongType,
          time.getUnit() == TimeUnit.NANOS ? Form.TIME_NANOS : Form.TIME_MICROS,
          DataTypes.StringType);
    }
    if (annotation instanceof TimestampLogicalTypeAnnotation timestamp) {
      boolean utc = timestamp.isAdjustedToUTC();
      DataType meant = utc ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
      return timestamp.getUnit() == TimeUnit.NANOS
          ? new Meaning(
              DataTypes.LongType, utc ? Form.TIMESTAMP_NANOS : Form.LOCAL_TIMESTAMP_NANOS, meant)
          : Meaning.plain(meant);
    }
    throw new UnreadableTypeException(words(type), "a string");
  }

  private Meaning binary(LogicalTypeAnnotation annotation) throws UnreadableTypeException {
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal);
    }
    boolean text =
        annotation == null
            ? binaryIsText
            : !(annotation instanceof LogicalTypeAnnotation.BsonLogicalTypeAnnotation);
    return Meaning.plain(text ? DataTypes.StringType : DataTypes.BinaryType);
  }

  private static Meaning fixed(PrimitiveType type, LogicalTypeAnnotation annotation)
      throws UnreadableTypeException {
    if (annotation == null) {
      return Meaning.plain(DataTypes.BinaryType);
    }
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(decimal);
    }
    if (annotation instanceof LogicalTypeAnnotation.UUIDLogicalTypeAnnotation) {
      return new Meaning(DataTypes.BinaryType, Form.UUID, DataTypes.StringType);
    }
    throw new UnreadableTypeException(words(type), "a string");
  }

  private static Meaning decimal(DecimalLogicalTypeAnnotation decimal)
      throws UnreadableTypeException {
    if (decimal.getPrecision() > MAX_DIGITS) {
      throw new UnreadableTypeException(
          "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")",
          "a decimal of at most " + MAX_DIGITS + " digits, a double or a string");
    }
    return Meaning.plain(DataTypes.createDecimalType(decimal.getPrecision(), decimal.getScale()));
  }

  private static String words(Type type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return annotation == null ? type.getName() : annotation.toString();
  }
}
