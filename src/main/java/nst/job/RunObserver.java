package nst.job;

import java.util.Map;
import nst.engine.BatchCurve;
import nst.job.executor.Progress;
import nst.job.plan.GroupBill;
import nst.job.train.TrainingProgress;

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

  /** The costs of a group of rows are known. If its choice is to train, that begins now. */
  default void amortizing(GroupBill bill) {}

  /** A training has made some steps. Called on another thread. */
  default void training(TrainingProgress progress) {}

  /** A training is over. */
  default void trained() {}

  /** A network was not trained, so its rows will be optimised. */
  default void notTrained(String reason) {}

  /** The times by which {@code batch.images=auto} was decided are known. */
  default void batches(BatchCurve curve) {}

  /** Tasks start to compute rows. */
  default void computing(Progress progress) {}

  /** All tasks have ended. */
  default void computed() {}
}
