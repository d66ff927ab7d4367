package nst.job;

/**
 * The job itself cannot go on: storage, device or cluster. Nothing is lost; try again. Becomes exit
 * code 4.
 */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(message);
  }

  public JobFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
