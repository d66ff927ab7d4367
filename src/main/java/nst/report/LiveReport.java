package nst.report;

import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.report.row.SafeText;

/**
 * The page of a run in progress: progress, rows in progress, failures and the newest pictures. The
 * page of the finished run ({@link HtmlReport}) replaces it.
 *
 * @param period the time between two versions of the page
 * @param failures the number of failed rows by error code
 */
public record LiveReport(
    String runId,
    Instant startedAt,
    Instant writtenAt,
    Duration period,
    State state,
    Counts counts,
    Map<String, Long> failures,
    List<InWork> inWork,
    List<Failed> failed,
    List<Done> newest) {
  private static final PageTemplate TEMPLATE = PageTemplate.of("live.ftlh");

  /** What a run is doing. */
  public enum State {
    RUNNING,
    /** All rows are finished; the tables and the page are being written. */
    FINISHING,
    /** The run ended before its rows were finished. */
    STOPPED
  }

  /**
   * The progress of a run.
   *
   * @param rows the rows to compute
   * @param done those with a picture
   * @param failed those without
   * @param imagesPerHour 0 if unknown
   * @param secondsLeft negative if unknown
   */
  public record Counts(
      long rows, long done, long failed, double imagesPerHour, double secondsLeft) {}

  /** A row that is being optimised, with one of its iterates. */
  public record InWork(
      String id, int iteration, int iterations, double totalLoss, PageImage picture) {}

  /** A row without a picture. */
  public record Failed(String id, String code, String message) {}

  /**
   * A row with a picture.
   *
   * @param picture its path, relative to the page
   * @param losses the unweighted content and style terms; empty if they were not measured
   */
  public record Done(String id, String picture, List<Double> losses) {}

  public LiveReport {
    failures = new TreeMap<>(failures);
    inWork = List.copyOf(inWork);
    failed = List.copyOf(failed);
    newest = List.copyOf(newest);
  }

  /**
   * What the template shows: text in its final form.
   *
   * @param refresh the seconds after which a browser loads the page again; empty for never
   * @param moreFailed how many failed rows are not listed, as a sentence; empty if there are none
   * @param moreDone the same of pictures
   */
  public record View(
      String runId,
      String refresh,
      String progress,
      String state,
      String explanation,
      List<Page.Fact> figures,
      List<WorkView> inWork,
      List<Failed> failed,
      String moreFailed,
      List<DoneView> newest,
      String moreDone) {}

  /** A row in progress. */
  public record WorkView(String id, String steps, String totalLoss, PageImage picture) {}

  /** A row with a picture. */
  public record DoneView(String id, String picture, String losses) {}

  /**
   * Writes the page. All text from users is escaped.
   *
   * @param page receives the text, which must be encoded as UTF-8; it is not closed
   * @throws IOException if the text cannot be written
   */
  public void write(Writer page) throws IOException {
    TEMPLATE.write(view(), page);
  }

  private View view() {
    return new View(
        runId,
        state == State.STOPPED ? "" : Long.toString(Math.max(1, period.toSeconds())),
        NumberFormats.count(counts.done() + counts.failed())
            + " of "
            + NumberFormats.count(counts.rows())
            + " rows",
        switch (state) {
          case RUNNING -> "In progress.";
          case FINISHING -> "All rows are finished.";
          case STOPPED -> "The run has stopped.";
        },
        explanation(),
        figures(),
        inWork.stream().map(LiveReport::view).toList(),
        failed.stream()
            .map(row -> new Failed(SafeText.of(row.id()), row.code(), SafeText.of(row.message())))
            .toList(),
        more(counts.failed() - failed.size(), "earlier failure"),
        newest.stream().map(LiveReport::view).toList(),
        more(counts.done() - newest.size(), "earlier picture"));
  }

  private String explanation() {
    String written = "Written at " + NumberFormats.moment(writtenAt);
    return switch (state) {
      case RUNNING ->
          "This page is written every "
              + NumberFormats.duration(period.toMillis())
              + ", last at "
              + NumberFormats.moment(writtenAt)
              + ". If that was long ago, the run was killed.";
      case FINISHING -> written + ". The page of the run replaces this one when it is made.";
      case STOPPED -> written + ". If it is started again with its run id, it continues.";
    };
  }

  private List<Page.Fact> figures() {
    List<Page.Fact> facts = new ArrayList<>();
    facts.add(new Page.Fact("pictures", NumberFormats.count(counts.done())));
    String codes =
        failures.entrySet().stream()
            .map(entry -> entry.getKey() + " " + NumberFormats.count(entry.getValue()))
            .collect(Collectors.joining(", "));
    facts.add(
        new Page.Fact(
            codes.isEmpty() ? "failed" : "failed: " + codes, NumberFormats.count(counts.failed())));
    if (counts.imagesPerHour() > 0) {
      facts.add(new Page.Fact("images an hour", NumberFormats.number(counts.imagesPerHour())));
    }
    if (counts.secondsLeft() >= 0 && state == State.RUNNING) {
      facts.add(new Page.Fact("left, predicted", seconds(counts.secondsLeft())));
    }
    facts.add(
        new Page.Fact(
            "since the start", seconds(Duration.between(startedAt, writtenAt).toMillis() / 1e3)));
    return facts;
  }

  private static String seconds(double seconds) {
    return NumberFormats.duration(Math.round(1000 * seconds));
  }

  private static String more(long rows, String noun) {
    return rows > 0 ? "Not on this page: " + nst.model.text.Counts.of(rows, noun) + "." : "";
  }

  private static WorkView view(InWork row) {
    return new WorkView(
        SafeText.of(row.id()),
        row.iteration() + " of " + row.iterations(),
        NumberFormats.number(row.totalLoss()),
        row.picture());
  }

  private static DoneView view(Done row) {
    String losses =
        row.losses().isEmpty()
            ? ""
            : "content "
                + NumberFormats.number(row.losses().get(0))
                + ", style "
                + NumberFormats.number(row.losses().get(1));
    return new DoneView(SafeText.of(row.id()), row.picture(), losses);
  }
}
