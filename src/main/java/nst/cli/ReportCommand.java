package nst.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.cli.terminal.Console;
import nst.job.RunReader;
import nst.job.executor.Session;
import nst.job.page.ReportPage;
import nst.job.page.RowPick;
import nst.model.RunConfig;
import nst.model.text.Counts;
import nst.record.ExitCode;
import nst.record.RunSummary;
import nst.report.sweep.NextGrid;
import nst.report.sweep.Sweep;
import nst.storage.OutputLayout;
import nst.storage.Uris;
import nst.storage.UserUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: rebuilds the report page from the tables. */
@Command(
    name = "report",
    description = "Rebuilds the report page of a finished run from its tables.",
    sortOptions = false)
final class ReportCommand extends CliCommand {
  /** More rows are in the answer of {@code --json}. */
  private static final int MOST_LINES = 50;

  @Option(
      names = "--output",
      paramLabel = "URI",
      required = true,
      description = "the output folder")
  String output;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "the run to report on (default: the latest)")
  Optional<String> runId = Optional.empty();

  @Option(
      names = "--pick",
      paramLabel = "EXPRESSION",
      description =
          "print rows and mark them on the page: a condition in Spark SQL on the columns of metrics, with an order if you like,"
              + " for example \"style_loss < 0.2 order by content_loss limit 4\"")
  Optional<String> pick = Optional.empty();

  @Option(
      names = "--suggest",
      description =
          "print the next grid worth running, from the picked rows or the Pareto front of a sweep, and the command that runs it")
  boolean suggest;

  @Override
  public Integer call() {
    RunConfig config = config();
    String folder = UserUri.absolute("--output", output);
    return inSpark("report", session -> report(session, folder, config));
  }

  private int report(Session session, String folder, RunConfig config) {
    RunReader reader = new RunReader(session, folder);
    RunSummary run = reader.run(runId);
    Optional<RowPick> choice = pick.map(text -> reader.pick(run, text));
    ReportPage.Found found =
        new ReportPage(session.store(), session::store, config)
            .write(run, reader.rows(run), choice);
    String page = new OutputLayout(run.output(), run.runDate(), run.runId()).page();
    if (json) {
      ObjectNode node = Console.object().put("page", page);
      if (choice.isPresent()) {
        addPicked(node, found);
      }
      if (suggest) {
        addNext(node, found);
      }
      console().json(node);
    }
    if (choice.isPresent()) {
      sayPicked(found);
    }
    if (suggest) {
      sayNext(found);
    }
    console().say(Uris.display(page));
    return ExitCode.OK.code();
  }

  private static Map<String, String> values(ReportPage.Found found, RowPick.Picked row) {
    return found.sweep().map(sweep -> sweep.values(row.row())).orElse(Map.of());
  }

  private static void addPicked(ObjectNode node, ReportPage.Found found) {
    var list = node.putArray("picked");
    for (RowPick.Picked row : found.picked()) {
      ObjectNode picked = list.addObject().put("row", row.row()).put("id", row.id());
      ObjectNode values = picked.putObject("values");
      values(found, row).forEach(values::put);
      picked
          .put("content_loss", row.content())
          .put("style_loss", row.style())
          .put("tv_loss", row.tv())
          .put("output_uri", row.path());
    }
  }

  private static void addNext(ObjectNode node, ReportPage.Found found) {
    ObjectNode next = node.putObject("next");
    var sentences = next.putArray("sentences");
    sentences(found.sweep(), found.next()).forEach(sentences::add);
    next.put("command", found.command().orElse(null));
  }

  private void sayPicked(ReportPage.Found found) {
    console().say(Counts.of(found.picked().size(), "picked row") + ":");
    for (RowPick.Picked row : found.picked().stream().limit(MOST_LINES).toList()) {
      StringBuilder line = new StringBuilder("  ").append(row.id());
      values(found, row)
          .forEach((name, value) -> line.append("  ").append(name).append('=').append(value));
      line.append(
          String.format(
              Locale.ROOT,
              "  content %s  style %s  tv %s  ",
              term(row.content()),
              term(row.style()),
              term(row.tv())));
      console().say(line.append(Uris.display(row.path())).toString());
    }
    if (found.picked().size() > MOST_LINES) {
      console().say("  and " + (found.picked().size() - MOST_LINES) + " more; --json has all");
    }
  }

  private static String term(Double value) {
    return value == null ? "not measured" : String.format(Locale.ROOT, "%.3g", value);
  }

  private void sayNext(ReportPage.Found found) {
    console().say("The next grid:");
    sentences(found.sweep(), found.next()).forEach(sentence -> console().say("  " + sentence));
    found.command().ifPresent(command -> console().say("To run it: " + command));
  }

  private static List<String> sentences(Optional<Sweep> sweep, Optional<NextGrid> next) {
    return sweep.isEmpty()
        ? List.of(
            "This run is not a sweep: its rows do not repeat a photo and a painting with other settings.")
        : next.orElseThrow().sentences();
  }
}
