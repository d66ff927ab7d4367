package nst.job.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nst.job.table.SqlExpression;
import nst.model.text.NearestName;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The parts of a choice of rows: {@code style_loss < 0.2 order by content_loss limit 4}. Each part
 * is a checked {@link SqlExpression}, so that the text of a user never becomes a query.
 */
record PickClauses(Optional<SqlExpression> condition, List<Order> orders, OptionalInt limit) {
  private static final String CONDITION = "condition";

  /** Quoted texts and names are one token, so that a keyword in them does not count. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|[A-Za-z_][A-Za-z_0-9]*|\\s+|.",
          Pattern.DOTALL);

  private static final Pattern ORDER =
      Pattern.compile(
          "(.*?)(?:\\s+(asc|desc))?(?:\\s+nulls\\s+(first|last))?",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  /** An expression by which rows are ordered. Nulls are first if it rises, as in Spark SQL. */
  private record Order(SqlExpression expression, boolean falls, boolean nullsFirst) {
    Column column() {
      Column by = expression.column();
      if (falls) {
        return nullsFirst ? by.desc_nulls_first() : by.desc_nulls_last();
      }
      return nullsFirst ? by.asc_nulls_first() : by.asc_nulls_last();
    }
  }

  /**
   * Splits a text into its clauses and checks them.
   *
   * @param columns of the table from which rows are chosen
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  static PickClauses parse(SparkSession spark, String text, StructType columns) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("expected a condition, an order or a limit, was none");
    }
    List<String> condition = new ArrayList<>(List.of(""));
    List<String> orders = new ArrayList<>();
    List<String> limit = new ArrayList<>();
    List<String> clause = condition;
    int depth = 0;
    List<String> tokens = TOKEN.matcher(text).results().map(match -> match.group()).toList();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      if (depth == 0 && clause != limit && isOrderBy(tokens, i)) {
        clause = begun(orders, "order by", text);
        i += 2; // the words "order" and "by" with the space between them
      } else if (depth == 0 && token.equalsIgnoreCase("limit")) {
        clause = begun(limit, "limit", text);
      } else if (depth == 0 && token.equals(",") && clause == orders) {
        orders.add("");
      } else {
        clause.set(clause.size() - 1, clause.get(clause.size() - 1) + token);
      }
    }
    Consumer<String> requireKnown = name -> requireKnown(name, columns);
    PickClauses clauses =
        new PickClauses(
            Optional.of(condition.get(0).strip())
                .filter(part -> !part.isEmpty())
                .map(part -> SqlExpression.parse(part, CONDITION, requireKnown)),
            orders.stream().map(part -> order(part.strip(), requireKnown)).toList(),
            limit.isEmpty() ? OptionalInt.empty() : OptionalInt.of(count(limit.get(0).strip())));
    clauses.check(spark, columns);
    return clauses;
  }

  private static boolean isOrderBy(List<String> tokens, int at) {
    return at + 2 < tokens.size()
        && tokens.get(at).equalsIgnoreCase("order")
        && tokens.get(at + 1).isBlank()
        && tokens.get(at + 2).equalsIgnoreCase("by");
  }

  private static List<String> begun(List<String> clause, String name, String text) {
    if (!clause.isEmpty()) {
      throw new IllegalArgumentException("expected one " + name + ", was " + text);
    }
    clause.add("");
    return clause;
  }

  private static Order order(String text, Consumer<String> requireKnown) {
    Matcher parts = ORDER.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException("the pattern matches any text");
    }
    boolean falls = "desc".equalsIgnoreCase(parts.group(2));
    boolean nullsFirst = parts.group(3) == null ? !falls : parts.group(3).equalsIgnoreCase("first");
    return new Order(
        SqlExpression.parse(parts.group(1), "value to order by", requireKnown), falls, nullsFirst);
  }

  private static int count(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "expected a whole number after limit, at the end, was " + text);
    }
    return Integer.parseInt(text);
  }

  private static void requireKnown(String name, StructType columns) {
    List<String> known =
        Arrays.stream(columns.fieldNames()).map(column -> column.toLowerCase(Locale.ROOT)).toList();
    boolean isField = known.contains(name.split("\\.", 2)[0]);
    if (!known.contains(name.replace("`", "")) && !isField) {
      throw new IllegalArgumentException(
          "Unknown column `"
              + name
              + "`."
              + NearestName.of(name, known).map(near -> " Did you mean `" + near + "`?").orElse("")
              + " The columns are "
              + String.join(", ", columns.fieldNames()));
    }
  }

  private void check(SparkSession spark, StructType columns) {
    condition
        .filter(expression -> !expression.type(spark, columns).equals(DataTypes.BooleanType))
        .ifPresent(
            expression -> {
              throw expression.fault();
            });
    orders.forEach(order -> order.expression().type(spark, columns));
  }

  /** The rows that are chosen, in their order. */
  Dataset<Row> of(Dataset<Row> table) {
    Dataset<Row> chosen = condition.isPresent() ? table.where(condition.get().column()) : table;
    if (!orders.isEmpty()) {
      chosen = chosen.orderBy(orders.stream().map(Order::column).toArray(Column[]::new));
    }
    return limit.isPresent() ? chosen.limit(limit.getAsInt()) : chosen;
  }
}
