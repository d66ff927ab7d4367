package nst.job.table;

import org.apache.spark.sql.types.StructType;

/** The values of a row, set by the names of their columns. Columns that are not set are null. */
public final class RowValues {
  private final StructType schema;
  private final Object[] values;

  public RowValues(StructType schema) {
    this.schema = schema;
    this.values = new Object[schema.size()];
  }

  /**
   * Sets a value.
   *
   * @throws IllegalArgumentException if the table has no such column
   */
  public RowValues set(String column, Object value) {
    values[schema.fieldIndex(column)] = value;
    return this;
  }

  /** The values in the order of the columns. */
  public Object[] inOrder() {
    return values.clone();
  }
}
