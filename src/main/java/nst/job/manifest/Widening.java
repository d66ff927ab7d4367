package nst.job.manifest;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Finds a common type for two types, and converts values to it without loss. */
final class Widening {
  private static final List<DataType> WHOLE =
      List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  private static final int[] DIGITS = {3, 5, 10, 20};

  private Widening() {}

  /**
   * The narrowest type that can hold the values of both. For whole numbers and doubles it is
   * double; the caller must check that the whole numbers are small enough.
   *
   * @return empty if there is none
   */
  static Optional<DataType> of(DataType a, DataType b) {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (a.equals(DataTypes.NullType)) {
      return Optional.of(b);
    }
    if (b.equals(DataTypes.NullType)) {
      return Optional.of(a);
    }
    if (a instanceof ArrayType first && b instanceof ArrayType second) {
      return of(first.elementType(), second.elementType()).map(DataTypes::createArrayType);
    }
    if (a instanceof MapType first && b instanceof MapType second) {
      return first.keyType().equals(second.keyType())
          ? of(first.valueType(), second.valueType())
              .map(value -> DataTypes.createMapType(first.keyType(), value))
          : Optional.empty();
    }
    if (a instanceof StructType first && b instanceof StructType second) {
      return ofStructs(first, second);
    }
    return ofNumbers(a, b);
  }

  private static Optional<DataType> ofStructs(StructType a, StructType b) {
    Map<String, DataType> fields = new LinkedHashMap<>();
    for (StructField field : a.fields()) {
      fields.put(field.name(), field.dataType());
    }
    for (StructField field : b.fields()) {
      DataType before = fields.getOrDefault(field.name(), DataTypes.NullType);
      Optional<DataType> both = of(before, field.dataType());
      if (both.isEmpty()) {
        return Optional.empty();
      }
      fields.put(field.name(), both.get());
    }
    StructType union = new StructType();
    for (Map.Entry<String, DataType> field : fields.entrySet()) {
      union = union.add(field.getKey(), field.getValue(), true);
    }
    return Optional.of(union);
  }

  private static Optional<DataType> ofNumbers(DataType a, DataType b) {
    boolean real = isReal(a) || isReal(b);
    if (real && isNumber(a) && isNumber(b)) {
      return a instanceof DecimalType || b instanceof DecimalType
          ? Optional.empty() // a double may not have enough digits for the decimal
          : Optional.of(DataTypes.DoubleType);
    }
    if (!isNumber(a) || !isNumber(b)) {
      return Optional.empty();
    }
    if (WHOLE.contains(a) && WHOLE.contains(b)) {
      return Optional.of(WHOLE.get(Math.max(WHOLE.indexOf(a), WHOLE.indexOf(b))));
    }
    DecimalType first = decimal(a);
    DecimalType second = decimal(b);
    int scale = Math.max(first.scale(), second.scale());
    int whole = Math.max(first.precision() - first.scale(), second.precision() - second.scale());
    return whole + scale > DecimalType.MAX_PRECISION()
        ? Optional.empty()
        : Optional.of(DataTypes.createDecimalType(whole + scale, scale));
  }

  private static DecimalType decimal(DataType type) {
    return type instanceof DecimalType decimal
        ? decimal
        : DataTypes.createDecimalType(DIGITS[WHOLE.indexOf(type)], 0);
  }

  static boolean isWhole(DataType type) {
    return WHOLE.contains(type);
  }

  static boolean isReal(DataType type) {
    return type.equals(DataTypes.FloatType) || type.equals(DataTypes.DoubleType);
  }

  static boolean isNumber(DataType type) {
    return isWhole(type) || isReal(type) || type instanceof DecimalType;
  }

  /** Replaces the null type, also in nested types. */
  static DataType withoutNullType(DataType type, DataType instead) {
    if (type.equals(DataTypes.NullType)) {
      return instead;
    }
    if (type instanceof ArrayType array) {
      return DataTypes.createArrayType(withoutNullType(array.elementType(), instead));
    }
    if (type instanceof MapType map) {
      return DataTypes.createMapType(map.keyType(), withoutNullType(map.valueType(), instead));
    }
    if (type instanceof StructType struct) {
      StructType whole = new StructType();
      for (StructField field : struct.fields()) {
        whole = whole.add(field.name(), withoutNullType(field.dataType(), instead), true);
      }
      return whole;
    }
    return type;
  }

  /**
   * Converts a column to a type found by {@link #of}. Struct fields are matched by name.
   *
   * @param from the type of the column
   */
  static Column as(Column column, DataType from, DataType to) {
    if (from.equals(to)) {
      return column;
    }
    if (from instanceof ArrayType array && to instanceof ArrayType wider) {
      return transform(column, each -> as(each, array.elementType(), wider.elementType()));
    }
    if (from instanceof MapType map && to instanceof MapType wider) {
      return transform_values(
          column, (key, value) -> as(value, map.valueType(), wider.valueType()));
    }
    if (from instanceof StructType fields && to instanceof StructType wider) {
      List<String> names = Arrays.asList(fields.fieldNames());
      Column[] values =
          Arrays.stream(wider.fields())
              .map(
                  field ->
                      (names.contains(field.name())
                              ? as(
                                  column.getField(field.name()),
                                  fields.apply(field.name()).dataType(),
                                  field.dataType())
                              : lit(null).cast(field.dataType()))
                          .as(field.name()))
              .toArray(Column[]::new);
      return when(column.isNotNull(), struct(values));
    }
    return column.cast(to);
  }
}
