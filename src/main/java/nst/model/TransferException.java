package nst.model;

/** A failure that belongs to one row and becomes that row's result. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  /**
   * @param message what was expected and what came; what is beyond {@link ShortText#MESSAGE}
   *     characters is cut
   */
  public TransferException(ErrorCode code, String message) {
    super(ShortText.message(message));
    this.code = code;
  }

  public TransferException(ErrorCode code, String message, Throwable cause) {
    super(ShortText.message(message), cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
