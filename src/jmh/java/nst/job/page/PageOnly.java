package nst.job.page;

import java.util.List;
import java.util.Map;
import nst.job.RunObserver;
import nst.job.RunSummary;
import nst.job.executor.Progress;
import nst.job.executor.Session;
import nst.job.table.ReportedRow;
import nst.model.RunConfig;

/** Has a run's page made, as {@code run} does, and shows nothing. */
public final class PageOnly implements RunObserver {
  private final ReportPage page;

  public PageOnly(Session session, RunConfig config) {
    this.page = new ReportPage(session.store(), session::store, config);
  }

  @Override
  public void planned(Map<String, Long> counts, double predictedSeconds) {}

  @Override
  public void computing(Progress progress) {}

  @Override
  public void computed() {}

  @Override
  public void report(RunSummary summary, List<ReportedRow> shown) {
    page.write(summary, shown);
  }
}
