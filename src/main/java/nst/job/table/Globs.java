package nst.job.table;

/** Escapes paths for Spark's readers, which interpret {@code [ ] { } * ?} as glob patterns. */
public final class Globs {
  private static final String SPECIAL = "[]{}*?\\";

  private Globs() {}

  /** Escapes all special characters, so that the path matches only itself. */
  public static String literal(String path) {
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char character = path.charAt(i);
      if (SPECIAL.indexOf(character) >= 0) {
        literal.append('\\');
      }
      literal.append(character);
    }
    return literal.toString();
  }
}
