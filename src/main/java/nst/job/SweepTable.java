package nst.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nst.job.executor.Session;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.model.Knob;
import nst.model.Sweep;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Writes the manifest of a sweep: each content with each style at each point. */
public final class SweepTable {
  private SweepTable() {}

  /**
   * Writes the manifest.
   *
   * @param contents absolute URIs
   * @param styles absolute URIs
   * @param points one map of knob to value for each point, all with the same knobs
   * @param output absolute URI of the Parquet table to write
   * @return the number of rows
   */
  public static int write(
      Session session,
      List<String> contents,
      List<String> styles,
      Sweep sweep,
      List<Map<Knob, Object>> points,
      String output) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType, false)
            .add("content", DataTypes.StringType, false)
            .add("style", DataTypes.StringType, false);
    for (Sweep.Axis axis : sweep.axes()) {
      schema = schema.add(axis.knob().key(), Tables.type(axis.knob().domain().kind()));
    }
    List<Row> rows = new ArrayList<>();
    for (String content : contents) {
      for (String style : styles) {
        for (Map<Knob, Object> point : points) {
          List<Object> values = new ArrayList<>();
          values.add("sweep-" + rows.size());
          values.add(content);
          values.add(style);
          sweep.axes().forEach(axis -> values.add(cell(axis.knob(), point.get(axis.knob()))));
          rows.add(RowFactory.create(values.toArray()));
        }
      }
    }
    session.requireStorage("--output", output);
    if (session.store().exists(output) || session.store().list(output).hasNext()) {
      throw new InvalidInputException(
          "--output", "", "expected a table that does not exist, was " + output);
    }
    session
        .spark()
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.ErrorIfExists)
        .parquet(output);
    return rows.size();
  }

  private static Object cell(Knob knob, Object value) {
    return value instanceof Number ? value : knob.domain().text(value);
  }
}
