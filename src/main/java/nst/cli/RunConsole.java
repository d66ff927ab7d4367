package nst.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.job.RunObserver;
import nst.job.RunOptions;
import nst.job.RunSummary;
import nst.job.executor.Progress;
import nst.job.executor.Session;
import nst.job.page.ReportPage;
import nst.job.table.ReportedRow;

/** Shows the progress of a run on the console and writes its report page. */
final class RunConsole implements RunObserver {
  private final Console console;
  private final Session session;
  private final RunOptions options;
  private Optional<ProgressLine> line = Optional.empty();

  RunConsole(Console console, Session session, RunOptions options) {
    this.console = console;
    this.session = session;
    this.options = options;
  }

  @Override
  public void planned(Map<String, Long> counts, double predictedSeconds) {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    long planned = counts.getOrDefault("PLANNED", 0L);
    console.say(total + " rows, " + planned + " to compute");
  }

  @Override
  public void computing(Progress progress) {
    line = Optional.of(new ProgressLine(progress, ProgressLine.Place.here()));
  }

  @Override
  public void computed() {
    line.ifPresent(ProgressLine::close);
    line = Optional.empty();
  }

  @Override
  public void report(RunSummary summary, List<ReportedRow> shown) {
    new ReportPage(session.store(), session::store, options.config()).write(summary, shown);
  }
}
