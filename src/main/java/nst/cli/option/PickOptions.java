package nst.cli.option;

import java.util.Optional;
import nst.job.RunReader;
import nst.job.executor.Session;
import nst.job.page.ReportPage;
import nst.job.page.RowPick;
import nst.model.RunConfig;
import nst.record.RunSummary;
import picocli.CommandLine.Option;

/** The options that pick rows of a finished run and suggest the next grid. */
public final class PickOptions {
  @Option(
      names = "--pick",
      paramLabel = "EXPRESSION",
      description =
          "print and mark rows by a condition in Spark SQL: \"style_loss < 0.2 order by content_loss limit 4\"")
  Optional<String> pick = Optional.empty();

  @Option(names = "--suggest", description = "print the next grid and the command that runs it")
  boolean suggest;

  /** Whether one of them was given. */
  public boolean areGiven() {
    return pick.isPresent() || suggest;
  }

  /** The text of {@code --pick}. */
  public Optional<String> pick() {
    return pick;
  }

  /**
   * Writes the page of a run with the picked rows marked.
   *
   * @return what to answer
   * @throws nst.model.InvalidInputException if the expression is not valid
   */
  public PickedRows answer(Session session, RunReader reader, RunSummary run, RunConfig config) {
    Optional<RowPick> choice = pick.map(text -> reader.pick(run, text));
    ReportPage.Found found =
        new ReportPage(session.store(), session::store, config)
            .write(run, reader.rows(run), choice);
    return new PickedRows(found, choice.isPresent(), suggest);
  }
}
