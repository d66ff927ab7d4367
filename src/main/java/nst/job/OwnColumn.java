package nst.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nst.model.Redactor;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A value of a column that is the user's own, as it goes into the tables: with no credentials in
 * its texts, at any depth. Bytes of a binary column are not read.
 */
final class OwnColumn {
  private OwnColumn() {}

  /** The value itself where it holds no credentials; null where it is null. */
  static Object value(Object value) {
    if (value instanceof String text) {
      return Redactor.of(text);
    }
    boolean nested =
        value instanceof Row || value instanceof Seq || value instanceof scala.collection.Map;
    return nested && !Redactor.isClean(value.toString()) ? redacted(value) : value;
  }

  private static Object redacted(Object value) {
    if (value instanceof Row row) {
      Object[] fields = new Object[row.size()];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = value(row.get(i));
      }
      return RowFactory.create(fields);
    }
    if (value instanceof Seq<?> sequence) {
      List<?> elements = JavaConverters.seqAsJavaListConverter(sequence).asJava();
      return elements.stream().map(OwnColumn::value).toArray();
    }
    Map<Object, Object> entries = new HashMap<>();
    JavaConverters.mapAsJavaMapConverter((scala.collection.Map<?, ?>) value)
        .asJava()
        .forEach((key, entry) -> entries.put(value(key), value(entry)));
    return JavaConverters.mapAsScalaMapConverter(entries).asScala();
  }
}
