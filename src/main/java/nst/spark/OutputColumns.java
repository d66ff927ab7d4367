package nst.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that a transformer adds.
 *
 * @param picture the column of the pictures
 * @param error the column that says why a row has none
 * @param metrics the column that says how a picture was made; empty: none
 */
record OutputColumns(String picture, String error, String metrics, Type type)
    implements Serializable {

  /** The form of the pictures. */
  enum Type {
    /** The bytes of an image file. */
    BINARY,
    /** An image as Spark's data source {@code image} reads it. */
    IMAGE;

    static Optional<Type> named(String label) {
      return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst();
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean hasMetrics() {
    return !metrics.isEmpty();
  }

  int count() {
    return hasMetrics() ? 3 : 2;
  }

  /** The names of the columns. */
  List<String> names() {
    List<String> names = new ArrayList<>(List.of(picture, error));
    if (hasMetrics()) {
      names.add(metrics);
    }
    return names;
  }

  /** The columns of a data set with these added. */
  StructType added(StructType schema) {
    StructType added =
        schema
            .add(picture, type == Type.IMAGE ? ImageSchema.columnSchema() : DataTypes.BinaryType)
            .add(error, ResultColumns.ERROR);
    return hasMetrics() ? added.add(metrics, ResultColumns.METRICS) : added;
  }
}
