package nst.model;

import nst.model.text.ShortText;

/**
 * A failure of one row, which is recorded as the row's result. Credentials are removed from its
 * message.
 */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;

  /**
   * @param message what was expected and what was found; cut after {@link ShortText#MESSAGE}
   *     characters
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
