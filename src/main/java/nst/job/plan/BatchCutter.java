package nst.job.plan;

import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Divides the rows of one partition into batches, numbered partition * 2^32 + count. A batch ends
 * before the row that would make it longer than {@code length}; every batch has at least one row.
 */
final class BatchCutter implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final int costColumn;
  private final int batchColumn;
  private final double length;
  private double filled;
  private long batch;

  BatchCutter(int partition, Iterator<Row> rows, double length, int costColumn, int batchColumn) {
    this.rows = rows;
    this.length = length;
    this.costColumn = costColumn;
    this.batchColumn = batchColumn;
    this.batch = (long) partition << 32;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Row next() {
    Row row = rows.next();
    double cost = row.getDouble(costColumn);
    boolean full = filled > 0 && filled + cost > length;
    filled = full ? cost : filled + cost;
    if (full) {
      batch++;
    }
    Object[] values = new Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == batchColumn ? (Object) batch : row.get(i);
    }
    return RowFactory.create(values);
  }
}
