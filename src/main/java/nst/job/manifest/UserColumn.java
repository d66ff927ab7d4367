package nst.job.manifest;

import java.util.HashMap;
import java.util.Map;
import nst.model.Redactor;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Prepares values of the user's own columns for the output tables: removes credentials from their
 * texts, including nested ones. Binary values are not changed.
 *
 * <p>Spark gives arrays and maps as Scala collections. {@link Row} converts them, because Scala's
 * own converters differ between Spark 3.5 (Scala 2.12) and 4 (2.13).
 */
public final class UserColumn {
  private UserColumn() {}

  /** The value without credentials; the same object if it contains none. */
  public static Object value(Object value) {
    if (value instanceof String text) {
      return Redactor.of(text);
    }
    boolean nested = value instanceof Row || isArray(value) || isMap(value);
    return nested && !Redactor.isClean(value.toString()) ? redacted(value) : value;
  }

  private static boolean isArray(Object value) {
    return value instanceof scala.collection.Seq;
  }

  private static boolean isMap(Object value) {
    return value instanceof scala.collection.Map;
  }

  private static Object redacted(Object value) {
    if (value instanceof Row row) {
      Object[] fields = new Object[row.size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = value(row.get(i));
      }
      return RowFactory.create(fields);
    }
    Row holder = RowFactory.create(value);
    if (isArray(value)) {
      return holder.getList(0).stream().map(UserColumn::value).toArray();
    }
    Map<Object, Object> entries = new HashMap<>();
    holder.getJavaMap(0).forEach((key, entry) -> entries.put(value(key), value(entry)));
    return entries;
  }
}
