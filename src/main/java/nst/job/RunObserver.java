package nst.job;

import java.util.Map;
import nst.job.executor.Progress;

/**
 * Watches a run, for example to print its progress. The observer does not affect the output of the
 * run. It is called from the driver's thread.
 */
public interface RunObserver {

  /** Does nothing. */
  RunObserver NONE = new RunObserver() {};

  /**
   * The plan is written.
   *
   * @param counts the number of rows by plan status
   * @param predictedSeconds the predicted device seconds of the rows to compute
   */
  default void planned(Map<String, Long> counts, double predictedSeconds) {}

  /** Tasks start to compute rows. */
  default void computing(Progress progress) {}

  /** All tasks have ended. */
  default void computed() {}
}
