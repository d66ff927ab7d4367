package nst.job.source;

/** A file that cannot be read as a manifest. The message says what was expected and found. */
public final class InvalidTableException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidTableException(String message) {
    super(message);
  }
}
