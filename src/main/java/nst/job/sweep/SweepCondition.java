package nst.job.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nst.job.table.SqlExpression;
import nst.job.table.Tables;
import nst.model.Domain;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.RunConfig;
import nst.model.text.NearestName;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

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

  private static final Set<String> CHOICES = choices();

  private final SqlExpression expression;
  private final StructType columns;

  private SweepCondition(SqlExpression expression, StructType columns) {
    this.expression = expression;
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
    SqlExpression expression = SqlExpression.parse(text, "condition", SweepCondition::requireKnown);
    StructType columns = new StructType().add(ROW, DataTypes.IntegerType, false);
    for (String name : expression.columns()) {
      columns = columns.add(name, type(name), true);
    }
    if (!expression.type(spark, columns).equals(DataTypes.BooleanType)) {
      throw expression.fault();
    }
    return new SweepCondition(expression, columns);
  }

  private static void requireKnown(String name) {
    if (known().anyMatch(name::equals) || CHOICES.contains(name)) {
      return;
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

  private static DataType type(String name) {
    return name.equals(BLEND)
        ? DataTypes.DoubleType
        : Knob.named(name)
            .map(knob -> Tables.type(knob.domain().kind()))
            .orElse(DataTypes.StringType);
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
    return table(spark, table).where(expression.column()).select(ROW).collectAsList().stream()
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
