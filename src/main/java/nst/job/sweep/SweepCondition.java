package nst.job.sweep;

import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nst.job.table.Tables;
import nst.model.Domain;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.text.NearestName;
import nst.model.text.ShortText;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.PlanExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.runtime.BoxedUnit;

/**
 * A condition on the rows of a sweep, in Spark SQL: {@code content_weight < style_weight}. Its
 * columns are the knobs with the values that take effect, {@code preset}, {@code content}, {@code
 * style} and {@code blend}. The name of a preset or of a knob's choice stands for its text.
 */
final class SweepCondition {
  private static final String CONTENT = "content";
  private static final String STYLE = "style";
  private static final String BLEND = "blend";
  private static final String ROW = "_row";

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

  private static final Set<String> CHOICES = choices();

  private final String text;
  private final StructType columns;

  private SweepCondition(String text, StructType columns) {
    this.text = text;
    this.columns = columns;
  }

  private static Set<String> choices() {
    Set<String> choices = new HashSet<>(Preset.labels());
    for (Knob knob : Knob.values()) {
      if (knob.domain() instanceof Domain.Choice choice) {
        choices.addAll(choice.labels());
      }
    }
    return choices;
  }

  /**
   * Parses a condition and checks its columns, functions and type.
   *
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  static SweepCondition parse(SparkSession spark, String text) {
    Set<String> names = new LinkedHashSet<>();
    Expression parsed = guarded(text, () -> new CatalystSqlParser().parseExpression(text));
    // Spark 4 has another class for the list of children, so they are visited by a function.
    parsed.foreach(
        part -> {
          if (part instanceof UnresolvedAttribute attribute) {
            names.add(column(attribute.name().toLowerCase(Locale.ROOT)));
          } else if (part instanceof UnresolvedFunction function) {
            requireKnown(function.prettyName().toLowerCase(Locale.ROOT));
          } else if (part instanceof PlanExpression) {
            throw new IllegalArgumentException("expected a condition without a query, was " + text);
          }
          return BoxedUnit.UNIT;
        });
    StructType columns = new StructType().add(ROW, DataTypes.IntegerType, false);
    for (String name : names) {
      columns = columns.add(name, type(name), true);
    }
    SweepCondition condition = new SweepCondition(text, columns);
    DataType type =
        guarded(
            text,
            () ->
                condition
                    .table(spark, List.of())
                    .select(expr(text))
                    .schema()
                    .fields()[0]
                    .dataType());
    if (!type.equals(DataTypes.BooleanType)) {
      throw new IllegalArgumentException("expected a condition, was " + ShortText.quoted(text));
    }
    return condition;
  }

  private static String column(String name) {
    if (known().anyMatch(name::equals) || CHOICES.contains(name)) {
      return name;
    }
    List<String> all = known().toList();
    throw new IllegalArgumentException(
        "Unknown column `"
            + name
            + "`."
            + NearestName.of(name, all).map(near -> " Did you mean `" + near + "`?").orElse("")
            + " Write a text in quotes: 'starry_night.jpg'.");
  }

  private static Stream<String> known() {
    return Stream.concat(Stream.of(RunConfig.PRESET, CONTENT, STYLE, BLEND), Knob.keys().stream());
  }

  private static void requireKnown(String function) {
    if (!FUNCTIONS.contains(function)) {
      throw new IllegalArgumentException(
          "expected one of the functions "
              + String.join(", ", FUNCTIONS.stream().sorted().toList())
              + ", was "
              + ShortText.quoted(function));
    }
  }

  private static DataType type(String name) {
    return name.equals(BLEND)
        ? DataTypes.DoubleType
        : Knob.named(name)
            .map(knob -> Tables.type(knob.domain().kind()))
            .orElse(DataTypes.StringType);
  }

  /** Work of Spark SQL's parser and analyser. */
  private interface Analysis<T> {
    T done();
  }

  /** Spark throws checked exceptions without declaring them. */
  private static <T> T guarded(String text, Analysis<T> analysis) {
    try {
      return analysis.done();
    } catch (Exception e) {
      if (e instanceof SparkThrowable) {
        String reason = e.getMessage().lines().findFirst().orElse("").strip();
        throw new IllegalArgumentException(
            "expected a condition, was " + ShortText.quoted(text) + ": " + reason, e);
      }
      throw e;
    }
  }

  /**
   * The rows that meet the condition, in their order.
   *
   * @param byDefault the preset of rows that name none
   */
  List<SweepRow> filter(SparkSession spark, List<SweepRow> rows, Preset byDefault) {
    List<Row> table = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Object[] values = new Object[columns.size()];
      values[0] = i;
      SweepRow row = rows.get(i);
      Hyperparameters h = row.point().values(byDefault);
      String[] names = columns.fieldNames();
      for (int column = 1; column < values.length; column++) {
        values[column] = value(names[column], row, h, byDefault);
      }
      table.add(RowFactory.create(values));
    }
    return table(spark, table).where(expr(text)).select(ROW).collectAsList().stream()
        .map(row -> row.getInt(0))
        .sorted()
        .map(rows::get)
        .toList();
  }

  private Dataset<Row> table(SparkSession spark, List<Row> rows) {
    return spark.createDataFrame(rows, columns);
  }

  private static Object value(String name, SweepRow row, Hyperparameters h, Preset byDefault) {
    Optional<Knob> knob = Knob.named(name);
    if (knob.isPresent()) {
      Object value = h.values().get(knob.get());
      return value instanceof Number ? value : h.text(knob.get());
    }
    return switch (name) {
      case RunConfig.PRESET -> row.point().preset().orElse(byDefault).label();
      case CONTENT -> row.content();
      case STYLE -> String.join(" ", row.style().parts().stream().map(part -> part.uri()).toList());
      case BLEND -> row.style().blend().isPresent() ? row.style().blend().getAsDouble() : null;
      default -> name; // the name of a choice stands for its text
    };
  }
}
