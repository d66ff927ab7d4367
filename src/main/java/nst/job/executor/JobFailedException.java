package nst.job.executor;

import nst.model.Redactor;

/**
 * The job itself cannot go on: storage, device or cluster. Nothing is lost; try again. Becomes exit
 * code 4.
 */
public final class JobFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JobFailedException(String message) {
    super(Redactor.of(message));
  }

  public JobFailedException(String message, Throwable cause) {
    super(Redactor.of(message), cause);
  }
}
