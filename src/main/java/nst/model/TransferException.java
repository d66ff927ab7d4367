package nst.model;

/** A failure that belongs to one row and becomes that row's result. Tells no credentials. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  /**
   * @param message what was expected and what came; what is beyond {@link ShortText#MESSAGE}
   *     characters is cut
   */
  public TransferException(ErrorCode code, String message) {
    super(ShortText.message(Redactor.of(message)));
    this.code = code;
  }

  public TransferException(ErrorCode code, String message, Throwable cause) {
    super(ShortText.message(Redactor.of(message)), cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
