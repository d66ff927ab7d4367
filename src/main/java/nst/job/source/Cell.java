package nst.job.source;

/**
 * A value in a text file.
 *
 * @param text the value as text; JSON for a list or an object
 */
public record Cell(String text, Kind kind) {
  /** The type that the file gives to a value. */
  public enum Kind {
    /** A cell of CSV or TSV, which has no types. */
    UNTYPED,
    TEXT,
    NUMBER,
    BOOLEAN,
    /** A list or an object. */
    NESTED
  }
}
