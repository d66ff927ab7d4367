package nst.job.table;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import org.apache.spark.sql.Column;

/** Columns by names that users chose. Spark reads a bare name as an expression or a path. */
public final class Columns {
  private Columns() {}

  /** The name in quotes: what it holds is a name and nothing else. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The columns of these names. */
  public static Column[] named(String... names) {
    return Arrays.stream(names).map(name -> col(quoted(name))).toArray(Column[]::new);
  }
}
