package nst.job.table;

/** Paths for Spark's readers, which take {@code [ ] { } * ?} for a pattern. */
public final class Globs {
  private static final String SIGNS = "[]{}*?\\";

  private Globs() {}

  /** The path with a backslash before each sign of a pattern: it means itself and nothing else. */
  public static String literal(String path) {
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char sign = path.charAt(i);
      if (SIGNS.indexOf(sign) >= 0) {
        literal.append('\\');
      }
      literal.append(sign);
    }
    return literal.toString();
  }
}
