package nst.job.page;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nst.job.table.Columns;
import nst.job.table.Tables;
import nst.model.InvalidInputException;
import nst.report.row.PageRow;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A choice of rows in Spark SQL on the columns of {@code metrics}: {@code style_loss < 0.2 order by
 * content_loss limit 4}. Only rows with a picture of their own can be chosen.
 */
public final class RowPick {
  private static final String ROW = "row";
  private static final List<String> TERMS =
      List.of("content_loss", "style_loss", "tv_loss", "total_loss", "initial_total_loss");

  private final Dataset<Row> metrics;
  private final String expression;
  private final PickClauses clauses;

  /** A row that was chosen. Terms are null if they were not measured. */
  public record Picked(long row, String id, Double content, Double style, Double tv, String path) {}

  /**
   * The terms of a picture that an earlier run made.
   *
   * @param row the number of the row
   */
  record Recorded(long row, PageRow.Saved saved) {}

  /**
   * Creates a choice and checks its expression.
   *
   * @param metrics the table of the run
   * @throws InvalidInputException if the expression is not valid
   */
  public RowPick(Dataset<Row> metrics, String expression) {
    this.metrics = metrics;
    this.expression = expression;
    this.clauses = clauses(metrics.sparkSession(), expression, metrics.schema());
  }

  /**
   * Checks an expression before there is a table.
   *
   * @param own the columns that its manifest adds to {@code metrics}
   * @throws InvalidInputException if the expression is not valid
   */
  public static void check(SparkSession spark, String expression, StructType own) {
    StructType columns = Tables.metricsColumns();
    for (StructField column : own.fields()) {
      columns = columns.add(column);
    }
    PickClauses unused = clauses(spark, expression, columns);
  }

  private static PickClauses clauses(SparkSession spark, String expression, StructType columns) {
    try {
      return PickClauses.parse(spark, expression, columns);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--pick", "", e.getMessage());
    }
  }

  /** The expression. */
  String expression() {
    return expression;
  }

  /**
   * The rows in the order of the expression.
   *
   * @param recorded the terms of rows for which {@code metrics} has none, because an earlier run
   *     made their pictures
   */
  List<Picked> rows(List<Recorded> recorded) {
    Dataset<Row> all = recorded.isEmpty() ? metrics : filled(recorded);
    return clauses
        .of(all.where("status in ('OK', 'SKIPPED')"))
        .select("row", "id", "content_loss", "style_loss", "tv_loss", "output_uri")
        .collectAsList()
        .stream()
        .map(
            row ->
                new Picked(
                    row.getAs(ROW),
                    row.getAs("id"),
                    row.getAs("content_loss"),
                    row.getAs("style_loss"),
                    row.getAs("tv_loss"),
                    row.getAs("output_uri")))
        .toList();
  }

  /** The table with the terms of skipped rows. */
  private Dataset<Row> filled(List<Recorded> recorded) {
    StructType schema = new StructType().add(ROW, DataTypes.LongType, false);
    for (String term : TERMS) {
      schema = schema.add(term, DataTypes.DoubleType, true);
    }
    List<Row> rows = new ArrayList<>();
    for (Recorded row : recorded) {
      PageRow.Saved saved = row.saved();
      rows.add(
          RowFactory.create(
              row.row(),
              saved.content(),
              saved.style(),
              saved.tv(),
              saved.total(),
              saved.initialTotal()));
    }
    Dataset<Row> terms = metrics.sparkSession().createDataFrame(rows, schema).alias("recorded");
    Dataset<Row> joined =
        metrics.join(terms, metrics.col(ROW).equalTo(terms.col("recorded." + ROW)), "left");
    return joined.select(
        Arrays.stream(metrics.columns())
            .map(
                name ->
                    TERMS.contains(name)
                        ? coalesce(metrics.col(name), col("recorded." + name)).as(name)
                        : metrics.col(Columns.quoted(name)))
            .toArray(Column[]::new));
  }
}
