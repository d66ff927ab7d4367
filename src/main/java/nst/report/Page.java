package nst.report;

import java.util.List;
import nst.report.row.EmbeddedPart;
import nst.report.row.RowCollector;

/**
 * The content of the page for the template: every number is formatted and every picture has its
 * place. It is public because FreeMarker reads only public classes. {@link PageLayout} creates it.
 *
 * @param imbalance a message if the counts do not add up; otherwise empty
 * @param warning what users must know about the networks; empty if there is nothing
 * @param rows whether there are any
 * @param sweep whether the rows are shown as a sweep
 * @param shown what the page shows of which rows, in sentences
 * @param images the path of the folder of all images
 * @param chosen the values that were set
 * @param defaults the values that are defaults
 * @param scripts the paths of the data files that are loaded when the page opens
 * @param embedded the data and pictures in the page itself
 */
public record Page(
    String runId,
    String runDate,
    String startedAt,
    String finishedAt,
    String wall,
    String manifest,
    String output,
    String total,
    List<Outcome> outcomes,
    String imbalance,
    String warning,
    List<Fact> network,
    boolean rows,
    List<String> shown,
    String images,
    List<CurveRow> curveRows,
    boolean sweep,
    List<LossChart> charts,
    List<FailureGroup> failures,
    List<Fact> throughput,
    List<Stage> stages,
    List<Value> chosen,
    List<Value> defaults,
    List<Fact> versions,
    List<String> scripts,
    List<EmbeddedPart> embedded) {

  /** A row with a curve, for the choice of the row to highlight. */
  public record CurveRow(long row, String id) {}

  /**
   * A status with its number of rows.
   *
   * @param x the start of its part of the bar, in thousandths
   * @param width the width of its part of the bar, in thousandths
   */
  public record Outcome(String status, String label, String count, long x, long width) {}

  /** A name and its value. */
  public record Fact(String name, String value) {}

  /** A configuration value; {@code meaning} is empty if it is not a knob. */
  public record Value(String name, String value, String source, String meaning) {}

  /** Rows that failed for the same reason; {@code unlisted} of them are not listed. */
  public record FailureGroup(
      String code,
      String meaning,
      String advice,
      String count,
      String unlisted,
      List<RowCollector.FailedRow> rows) {}

  /**
   * The share of a stage in the time, and its median for one image; x and width as in {@link
   * Outcome}.
   */
  public record Stage(String name, String time, String share, String median, long x, long width) {}
}
