package nst.cli.option;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.cli.terminal.Console;
import nst.job.page.ReportPage;
import nst.job.page.RowPick;
import nst.model.text.Counts;
import nst.report.sweep.NextGrid;
import nst.report.sweep.Sweep;
import nst.storage.Uris;

/** The answer to {@link PickOptions}. */
public final class PickedRows {
  /** More rows are in the answer of {@code --json}. */
  private static final int MOST_LINES = 50;

  private final ReportPage.Found found;
  private final boolean picks;
  private final boolean suggests;

  /**
   * @param found what the page shows
   * @param picks whether the user chose rows
   * @param suggests whether the user asked for the next grid
   */
  PickedRows(ReportPage.Found found, boolean picks, boolean suggests) {
    this.found = found;
    this.picks = picks;
    this.suggests = suggests;
  }

  /** Adds what was asked for to an answer in JSON. */
  public void addTo(ObjectNode node) {
    if (picks) {
      addPicked(node);
    }
    if (suggests) {
      addNext(node);
    }
  }

  /** Prints what was asked for. */
  public void say(Console console) {
    if (picks) {
      sayPicked(console);
    }
    if (suggests) {
      sayNext(console);
    }
  }

  private Map<String, String> values(RowPick.Picked row) {
    return found.sweep().map(sweep -> sweep.values(row.row())).orElse(Map.of());
  }

  private void addPicked(ObjectNode node) {
    var list = node.putArray("picked");
    for (RowPick.Picked row : found.picked()) {
      ObjectNode picked = list.addObject().put("row", row.row()).put("id", row.id());
      ObjectNode values = picked.putObject("values");
      values(row).forEach(values::put);
      picked
          .put("content_loss", row.content())
          .put("style_loss", row.style())
          .put("tv_loss", row.tv())
          .put("output_uri", row.path());
    }
  }

  private void addNext(ObjectNode node) {
    ObjectNode next = node.putObject("next");
    var sentences = next.putArray("sentences");
    sentences(found.sweep(), found.next()).forEach(sentences::add);
    next.put("command", found.command().orElse(null));
  }

  private void sayPicked(Console console) {
    console.say(Counts.of(found.picked().size(), "picked row") + ":");
    for (RowPick.Picked row : found.picked().stream().limit(MOST_LINES).toList()) {
      StringBuilder line = new StringBuilder("  ").append(row.id());
      values(row)
          .forEach((name, value) -> line.append("  ").append(name).append('=').append(value));
      line.append(
          String.format(
              Locale.ROOT,
              "  content %s  style %s  tv %s  ",
              term(row.content()),
              term(row.style()),
              term(row.tv())));
      console.say(line.append(Uris.display(row.path())).toString());
    }
    if (found.picked().size() > MOST_LINES) {
      console.say("  and " + (found.picked().size() - MOST_LINES) + " more; --json has all");
    }
  }

  private static String term(Double value) {
    return value == null ? "not measured" : String.format(Locale.ROOT, "%.3g", value);
  }

  private void sayNext(Console console) {
    console.say("The next grid:");
    sentences(found.sweep(), found.next()).forEach(sentence -> console.say("  " + sentence));
    found.command().ifPresent(command -> console.say("To run it: " + command));
  }

  private static List<String> sentences(Optional<Sweep> sweep, Optional<NextGrid> next) {
    return sweep.isEmpty()
        ? List.of(
            "This run is not a sweep: its rows do not repeat a photo and a painting with other settings.")
        : next.orElseThrow().sentences();
  }
}
