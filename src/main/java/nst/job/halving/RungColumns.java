package nst.job.halving;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nst.job.sweep.SweepRow;
import nst.job.sweep.SweepTable;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that say what a row of a rung belongs to. They are copied to {@code metrics}.
 *
 * @param rung the number of the rung
 * @param points the number of the point of each row, by the row's id
 * @param scores the scores of points in the rung before; empty in the first rung
 */
record RungColumns(int rung, Map<String, Integer> points, Map<Integer, Double> scores)
    implements SweepTable.OwnColumns {

  @Override
  public StructType schema() {
    return new StructType()
        .add("halving_rung", DataTypes.IntegerType, false)
        .add("halving_point", DataTypes.IntegerType, false)
        .add("halving_score", DataTypes.DoubleType, true);
  }

  @Override
  public List<Object> values(SweepRow row) {
    Integer point = points.get(row.id());
    return Arrays.asList(rung, point, scores.get(point));
  }
}
