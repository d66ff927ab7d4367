package nst.job.table;

import static org.apache.spark.sql.functions.expr;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import nst.model.text.ShortText;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.runtime.BoxedUnit;

/**
 * An expression in Spark SQL from a command line. It has only known columns, and functions of
 * numbers and texts.
 *
 * @param kind what it is, for messages: {@code condition}
 * @param columns the names of its columns, in lower case
 */
public record SqlExpression(String text, String kind, Set<String> columns) {
  /** Functions of numbers and texts. Others may run code or read files. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs",
          "ceil",
          "coalesce",
          "contains",
          "endswith",
          "exp",
          "floor",
          "greatest",
          "if",
          "least",
          "length",
          "ln",
          "log",
          "log10",
          "log2",
          "lower",
          "mod",
          "pow",
          "power",
          "round",
          "sqrt",
          "startswith",
          "upper");

  /**
   * Parses an expression and checks its columns and functions.
   *
   * @param requireKnown throws an {@link IllegalArgumentException} if there is no such column
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static SqlExpression parse(String text, String kind, Consumer<String> requireKnown) {
    Set<String> names = new LinkedHashSet<>();
    Expression parsed = guarded(text, kind, () -> new CatalystSqlParser().parseExpression(text));
    // Spark 4 has another class for the list of children, so they are visited by a function.
    parsed.foreach(
        part -> {
          if (part instanceof UnresolvedAttribute attribute) {
            String name = attribute.name().toLowerCase(Locale.ROOT);
            requireKnown.accept(name);
            names.add(name);
          } else if (part instanceof UnresolvedFunction function) {
            requireKnownFunction(function.prettyName().toLowerCase(Locale.ROOT));
          } else if (part instanceof PlanExpression) {
            throw new IllegalArgumentException(
                "expected a " + kind + " without a query, was " + text);
          }
          return BoxedUnit.UNIT;
        });
    return new SqlExpression(text, kind, names);
  }

  private static void requireKnownFunction(String function) {
    if (!FUNCTIONS.contains(function)) {
      throw new IllegalArgumentException(
          "expected one of the functions "
              + String.join(", ", FUNCTIONS.stream().sorted().toList())
              + ", was "
              + ShortText.quoted(function));
    }
  }

  /**
   * The type of its values.
   *
   * @param table has all of its columns
   */
  public DataType type(SparkSession spark, StructType table) {
    return guarded(
        text,
        kind,
        () ->
            spark
                .createDataFrame(List.<Row>of(), table)
                .select(column())
                .schema()
                .fields()[0]
                .dataType());
  }

  /** The expression for a query. */
  public Column column() {
    return expr(text);
  }

  /** The fault of an expression that is of another kind. */
  public IllegalArgumentException fault() {
    return new IllegalArgumentException("expected a " + kind + ", was " + ShortText.quoted(text));
  }

  /** Work of Spark SQL's parser and analyser. */
  private interface Analysis<T> {
    T done();
  }

  /** Spark throws checked exceptions without declaring them. */
  private static <T> T guarded(String text, String kind, Analysis<T> analysis) {
    try {
      return analysis.done();
    } catch (Exception e) {
      if (e instanceof SparkThrowable) {
        String reason = e.getMessage().lines().findFirst().orElse("").strip();
        throw new IllegalArgumentException(
            "expected a " + kind + ", was " + ShortText.quoted(text) + ": " + reason, e);
      }
      throw e;
    }
  }
}
