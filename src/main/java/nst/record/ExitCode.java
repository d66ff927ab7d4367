package nst.record;

/** The exit codes of commands. */
public enum ExitCode {
  /** The command succeeded. */
  OK(0),
  /** The input or the configuration is invalid; nothing was started. */
  INVALID(2),
  /** The run finished, but more rows failed than allowed; {@code verify} found faults. */
  TOO_MANY_FAILED(3),
  /** The job could not continue; the same command continues where it stopped. */
  TRY_AGAIN(4);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** Returns the exit code of the process. */
  public int code() {
    return code;
  }
}
