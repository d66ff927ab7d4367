package nst.job.halving;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.table.SqlExpression;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * What makes a point better than another: a number for each row, the smaller the better, from the
 * unweighted terms of its saved image. {@code total_loss} is not among them, because its weights
 * differ between points.
 */
public final class HalvingRule {
  /** The name of the rule that adds both terms, in units of their references. */
  public static final String SUM = "sum";

  private static final String SUM_TEXT = "content_loss + style_loss";
  private static final String ROW = "_row";
  private static final List<String> TERMS = List.of("content_loss", "style_loss", "tv_loss");
  private static final StructType TABLE =
      new StructType()
          .add(ROW, DataTypes.IntegerType, false)
          .add(TERMS.get(0), DataTypes.DoubleType, false)
          .add(TERMS.get(1), DataTypes.DoubleType, false)
          .add(TERMS.get(2), DataTypes.DoubleType, false);

  private final String name;
  private final SqlExpression expression;

  private HalvingRule(String name, SqlExpression expression) {
    this.name = name;
    this.expression = expression;
  }

  /**
   * Parses the name of a rule, or a formula in Spark SQL.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static HalvingRule parse(SparkSession spark, String text) {
    SqlExpression expression =
        SqlExpression.parse(
            text.equals(SUM) ? SUM_TEXT : text, "formula", HalvingRule::requireTerm);
    if (expression.columns().isEmpty() || !(expression.type(spark, TABLE) instanceof NumericType)) {
      throw new IllegalArgumentException(
          "expected sum, style_loss, content_loss or a formula of "
              + String.join(", ", TERMS)
              + ", was "
              + text);
    }
    return new HalvingRule(text, expression);
  }

  private static void requireTerm(String column) {
    if (!TERMS.contains(column)) {
      throw new IllegalArgumentException(
          "expected sum or a formula of "
              + String.join(", ", TERMS)
              + ", was "
              + column
              + (column.equals("total_loss") ? ", whose weights differ between points" : ""));
    }
  }

  /** Whether it adds terms that need a common unit. */
  boolean isSum() {
    return name.equals(SUM);
  }

  /** The numbers of rows; empty if a row has no terms, or if the formula has no finite value. */
  List<Optional<Double>> scores(SparkSession spark, List<Optional<Terms>> rows) {
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int row = i;
      rows.get(i)
          .ifPresent(
              terms ->
                  table.add(RowFactory.create(row, terms.content(), terms.style(), terms.tv())));
    }
    Map<Integer, Double> values = new HashMap<>();
    spark
        .createDataFrame(table, TABLE)
        .select(col(ROW), expression.column().cast(DataTypes.DoubleType))
        .collectAsList()
        .forEach(
            row -> {
              if (!row.isNullAt(1) && Double.isFinite(row.getDouble(1))) {
                values.put(row.getInt(0), row.getDouble(1));
              }
            });
    List<Optional<Double>> scores = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      scores.add(Optional.ofNullable(values.get(row)));
    }
    return scores;
  }

  @Override
  public String toString() {
    return name;
  }
}
