package nst.model;

/** A failure that belongs to one row and becomes that row's result. Tells no credentials. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  public TransferException(ErrorCode code, String message) {
    super(Redactor.of(message));
    this.code = code;
  }

  public TransferException(ErrorCode code, String message, Throwable cause) {
    super(Redactor.of(message), cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
