package nst.model;

/** A failure that belongs to one row and becomes that row's result. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  public TransferException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public TransferException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
