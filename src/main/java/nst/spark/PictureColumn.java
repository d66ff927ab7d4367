package nst.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import nst.model.ErrorCode;
import nst.model.TransferException;
import nst.storage.UriPolicy;
import nst.storage.Uris;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column with a picture in each row: the bytes of an image file, its URI, or an image as Spark's
 * data source {@code image} reads it. Such an image may also be in six columns, as DJL's Spark
 * extension expects them.
 *
 * @param name the column, or the first of six
 * @param places the places of the column or the six columns in a row
 */
record PictureColumn(String name, Kind kind, List<Integer> places) implements Serializable {
  /** The number of fields of Spark's image. */
  static final int IMAGE_FIELDS = 6;

  enum Kind {
    BYTES,
    URI,
    IMAGE,
    IMAGE_FIELDS
  }

  PictureColumn {
    places = List.copyOf(places);
  }

  /**
   * Finds the column, or the six columns of an image.
   *
   * @throws IllegalArgumentException if a column is missing or has another type
   */
  static PictureColumn in(StructType schema, List<String> names) {
    if (names.size() == IMAGE_FIELDS) {
      StructType image = ImageSchema.columnSchema();
      for (int i = 0; i < IMAGE_FIELDS; i++) {
        DataType expected = image.fields()[i].dataType();
        DataType found = field(schema, names.get(i)).dataType();
        if (!found.equals(expected)) {
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "expected a column of type %s at place %d of the six of an image (%s), was %s of type %s",
                  expected.simpleString(),
                  i + 1,
                  String.join(", ", image.fieldNames()),
                  names.get(i),
                  found.simpleString()));
        }
      }
      return column(schema, names, Kind.IMAGE_FIELDS);
    }
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "expected one column, or the six of an image, were "
              + names.size()
              + ": "
              + String.join(", ", names));
    }
    DataType type = field(schema, names.get(0)).dataType();
    if (type.equals(DataTypes.BinaryType)) {
      return column(schema, names, Kind.BYTES);
    }
    if (type.equals(DataTypes.StringType)) {
      return column(schema, names, Kind.URI);
    }
    if (isImage(type)) {
      return column(schema, names, Kind.IMAGE);
    }
    throw new IllegalArgumentException(
        "expected binary (the bytes of an image file), string (its URI) or an image of Spark's data source"
            + " `image`, was "
            + type.simpleString());
  }

  private static PictureColumn column(StructType schema, List<String> names, Kind kind) {
    return new PictureColumn(
        names.get(0), kind, names.stream().map(name -> schema.fieldIndex(name)).toList());
  }

  private static StructField field(StructType schema, String name) {
    int place = Arrays.asList(schema.fieldNames()).indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          "expected one of the columns "
              + String.join(", ", schema.fieldNames())
              + ", was "
              + name);
    }
    return schema.fields()[place];
  }

  private static boolean isImage(DataType type) {
    return type instanceof StructType struct
        && types(struct).equals(types(ImageSchema.columnSchema()));
  }

  private static List<DataType> types(StructType struct) {
    return Arrays.stream(struct.fields()).map(StructField::dataType).collect(Collectors.toList());
  }

  /**
   * The URI of a row's picture. Bytes get a URI with their digest.
   *
   * @param objects receives the bytes that are in the row
   * @return empty if the row has none
   * @throws TransferException if it is not a valid URI or not allowed, or an image of another form
   */
  Optional<String> uri(Row row, RowObjects objects, UriPolicy policy) {
    if (row.isNullAt(places.get(0)) && kind != Kind.IMAGE_FIELDS) {
      return Optional.empty();
    }
    return switch (kind) {
      case BYTES -> Optional.of(objects.put(row.<byte[]>getAs(places.get(0))));
      case URI -> Optional.of(absolute(name, row.getString(places.get(0)).strip(), policy));
      case IMAGE -> put(row.getStruct(places.get(0)), List.of(0, 1, 2, 3, 4, 5), objects);
      case IMAGE_FIELDS -> put(row, places, objects);
    };
  }

  private Optional<String> put(Row row, List<Integer> fields, RowObjects objects) {
    if (fields.subList(1, IMAGE_FIELDS).stream().anyMatch(row::isNullAt)) {
      return Optional.empty();
    }
    return Optional.of(objects.put(SparkImage.of(row, fields).png(name)));
  }

  /**
   * An absolute URI that a row may read. Executors have no folder that a relative one could mean.
   *
   * @throws TransferException URI_NOT_ALLOWED or INVALID_PARAMETER
   */
  static String absolute(String column, String typed, UriPolicy policy) {
    if (Uris.scheme(typed).isEmpty() && !typed.startsWith("/")) {
      throw new TransferException(
          ErrorCode.INVALID_PARAMETER,
          "Invalid " + column + ": expected an absolute path or URI, was " + typed);
    }
    String uri;
    try {
      uri = Uris.resolve("file:/", typed);
    } catch (IllegalArgumentException e) {
      throw new TransferException(
          ErrorCode.INVALID_PARAMETER, "Invalid " + column + ": " + e.getMessage(), e);
    }
    policy
        .refusal(uri, typed)
        .ifPresent(
            words -> {
              throw new TransferException(
                  ErrorCode.URI_NOT_ALLOWED, "Invalid " + column + ": " + words);
            });
    return uri;
  }
}
