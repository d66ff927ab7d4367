package nst.report;

import java.util.List;

/**
 * The content of the page for the template: every number is formatted and every picture has its
 * place. It is public because FreeMarker reads only public classes. {@link PageLayout} creates it.
 *
 * @param imbalance a message if the counts do not add up; otherwise empty
 * @param warning what users must know about the networks; empty if there is nothing
 * @param larges the pictures for the large view, each once
 * @param chosen the values that were set
 * @param defaults the values that are defaults
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
    List<Card> cards,
    List<Placed> larges,
    String notShown,
    List<SweepGrid> grids,
    List<LossChart> charts,
    List<FailureGroup> failures,
    List<Fact> throughput,
    List<Stage> stages,
    List<Value> chosen,
    List<Value> defaults,
    List<Fact> versions) {

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

  /** Rows that failed for the same reason; {@code unlisted} of them are not shown. */
  public record FailureGroup(
      String code, String meaning, String advice, String count, String unlisted, List<Card> rows) {}

  /**
   * The share of a stage in the time, and its median for one image; x and width as in {@link
   * Outcome}.
   */
  public record Stage(String name, String time, String share, String median, long x, long width) {}

  /**
   * A picture on the page. The bytes are in the page where it is first shown; the script copies
   * them to other places.
   *
   * @param id the id of the picture
   * @param bytes at most one; none if the picture was already shown
   */
  public record Placed(String id, List<PageImage> bytes, int width, int height) {}

  /** An input image on a card; without a picture if it could not be read. */
  public record Input(String name, String uri, String share, List<Placed> image) {}

  /**
   * A row of the manifest.
   *
   * @param code the error code; empty if it did not fail
   * @param absence why there is no picture although nothing failed; otherwise empty
   * @param knobsOnCard the first of {@code knobs}
   * @param knobsLeft the number of further knobs; empty if there are none
   * @param result at most one
   * @param sparkline the points of the total loss in a box of 100 by 100; empty if it is not known
   * @param chart its losses, at most one
   */
  public record Card(
      int index,
      String id,
      String key,
      String status,
      String code,
      String message,
      String absence,
      Input content,
      List<Input> styles,
      List<Fact> knobs,
      List<Fact> knobsOnCard,
      String knobsLeft,
      String imageLink,
      List<Computed> result,
      String sparkline,
      List<LossChart> chart,
      List<Fact> facts,
      String summary,
      String loss,
      double lossOrder,
      long millis) {}

  /**
   * The pictures of the result.
   *
   * @param large the name of one of {@link Page#larges}
   * @param largeContent the name of another; empty if the thumbnail is used instead
   */
  public record Computed(
      Placed thumbnail, String large, String largeContent, int width, int height) {}
}
