package nst.job;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import org.apache.spark.sql.Column;

/** Columns by names that users chose. Spark reads a bare name as an expression or a path. */
final class Columns {
  private Columns() {}

  /** The name in quotes: what it holds is a name and nothing else. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The columns of these names. */
  static Column[] named(String... names) {
    return Arrays.stream(names).map(name -> col(quoted(name))).toArray(Column[]::new);
  }
}
