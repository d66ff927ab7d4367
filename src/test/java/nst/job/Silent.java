package nst.job;

import java.util.List;
import java.util.Map;
import nst.job.executor.Progress;
import nst.job.table.ReportedRow;

/** Watches a run and says nothing. */
final class Silent implements RunObserver {
  @Override
  public void planned(Map<String, Long> counts, double predictedSeconds) {}

  @Override
  public void computing(Progress progress) {}

  @Override
  public void computed() {}

  @Override
  public void report(RunSummary summary, List<ReportedRow> shown) {}
}
