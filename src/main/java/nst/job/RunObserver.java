package nst.job;

import java.util.List;
import java.util.Map;
import nst.job.executor.Progress;
import nst.job.table.ReportedRow;

/**
 * Who watches a run: the command line, or nobody in particular. Called from the driver's thread.
 */
public interface RunObserver {

  /**
   * The plan stands.
   *
   * @param counts plan status to rows
   * @param predictedSeconds device seconds of the rows to compute
   */
  void planned(Map<String, Long> counts, double predictedSeconds);

  /** Rows are being computed from now until {@link #computed}. */
  void computing(Progress progress);

  void computed();

  /**
   * All rows are accounted for; makes the page before {@code _RUN.json} says that the run is over.
   *
   * @param shown at most as many rows as the configuration wants on the page, failures first
   */
  void report(RunSummary summary, List<ReportedRow> shown);
}
