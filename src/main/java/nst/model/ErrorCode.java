package nst.model;

/** Why a row failed, who can fix it, and whether running it again may help. */
public enum ErrorCode {
  EMPTY(Fault.USER, Again.NO, "the object has no bytes"),
  NOT_AN_IMAGE(Fault.USER, Again.NO, "the bytes are not in a known image format"),
  CORRUPT_IMAGE(Fault.USER, Again.NO, "a truncated or damaged image"),
  UNSUPPORTED_FORMAT(
      Fault.USER, Again.NO, "an image in a format or colour space that is not supported"),
  IMAGE_TOO_LARGE(Fault.USER, Again.NO, "more pixels or bytes than the limits allow"),
  IMAGE_TOO_SMALL(Fault.USER, Again.NO, "smaller than the deepest layer of the network allows"),
  INVALID_ID(Fault.USER, Again.NO, "the row's id is blank, too long or contains credentials"),
  DUPLICATE_ID(Fault.USER, Again.NO, "another row has the same id and a different request"),
  INVALID_PARAMETER(
      Fault.USER, Again.NO, "a column's value is out of range or conflicts with another"),
  URI_NOT_ALLOWED(
      Fault.USER, Again.NO, "the URI is outside the allowed prefixes, or contains credentials"),
  NOT_FOUND(Fault.USER, Again.NO, "no object exists at the URI"),
  BUCKET_NOT_FOUND(Fault.USER, Again.NO, "the bucket of the object does not exist"),
  ACCESS_DENIED(Fault.USER, Again.NO, "the store denied access to the object"),
  THROTTLED(Fault.SYSTEM, Again.YES, "the store kept asking to slow down"),
  SOURCE_CHANGED(Fault.SYSTEM, Again.YES, "the object changed while it was read"),
  IO_ERROR(Fault.SYSTEM, Again.YES, "reading or writing failed"),
  OUT_OF_MEMORY(Fault.SYSTEM, Again.YES, "the device ran out of memory for this image"),
  DEVICE_LOST(Fault.SYSTEM, Again.YES, "the device failed while it computed the row"),
  NON_FINITE_LOSS(Fault.USER, Again.NO, "the loss became infinite or NaN"),
  TIMEOUT(Fault.SYSTEM, Again.YES, "the row took longer than its deadline"),
  INTERNAL(Fault.SYSTEM, Again.YES, "a bug in this program");

  private enum Fault {
    USER,
    SYSTEM
  }

  private enum Again {
    YES,
    NO
  }

  private final Fault fault;
  private final Again again;
  private final String meaning;

  ErrorCode(Fault fault, Again again, String meaning) {
    this.fault = fault;
    this.again = again;
    this.meaning = meaning;
  }

  /** Whether the user can fix it, in the manifest, the images or the permissions. */
  public boolean isUsersToFix() {
    return fault == Fault.USER;
  }

  /** Whether the same row may succeed if it is run again without changes. */
  public boolean isRetryable() {
    return again == Again.YES;
  }

  /** A short description of what happened, for messages and documentation. */
  public String meaning() {
    return meaning;
  }
}
