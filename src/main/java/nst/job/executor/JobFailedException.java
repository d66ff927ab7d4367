package nst.job.executor;

import nst.model.Redactor;

/**
 * The job cannot continue because of the storage, the device or the cluster. What is finished is
 * kept, and the same command can be run again. Leads to exit code 4.
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
