package nst.job.table;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import org.apache.spark.sql.Column;

/**
 * Refers to columns with names that users chose. Spark would parse an unquoted name as an
 * expression or a path.
 */
public final class Columns {
  private Columns() {}

  /** Quotes a name, so that Spark does not parse it. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Returns the columns with these names. */
  public static Column[] named(String... names) {
    return Arrays.stream(names).map(name -> col(quoted(name))).toArray(Column[]::new);
  }
}
