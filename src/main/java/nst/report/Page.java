package nst.report;

import java.util.List;

/**
 * The page in words: every number already written, every image placed, nothing left for the
 * template but to lay it out. Public because FreeMarker reads nothing else; made by {@link
 * PageLayout}.
 *
 * @param imbalance what is wrong when the counts do not add up; else empty
 * @param warning what to know of the networks before trusting the images; empty where nothing
 * @param larges images for the large view, each once
 * @param chosen values that somebody set
 * @param defaults values that nobody set
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
   * A status and how many rows came to it.
   *
   * @param x where its part of the bar begins, in thousandths
   * @param width of its part of the bar, in thousandths
   */
  public record Outcome(String status, String label, String count, long x, long width) {}

  /** A name and its value. */
  public record Fact(String name, String value) {}

  /** A configuration value; {@code meaning} is empty where it is no knob. */
  public record Value(String name, String value, String source, String meaning) {}

  /** Rows that failed alike; {@code unlisted} of them are not among the rows shown. */
  public record FailureGroup(
      String code, String meaning, String advice, String count, String unlisted, List<Card> rows) {}

  /** A stage's part of the time and its median for one image; x and width as in {@link Outcome}. */
  public record Stage(String name, String time, String share, String median, long x, long width) {}

  /**
   * An image's place on the page. The bytes stand where it is first shown; elsewhere the script
   * copies them.
   *
   * @param id of the image
   * @param bytes at most one; none where the image has been shown before
   */
  public record Placed(String id, List<PageImage> bytes, int width, int height) {}

  /** An input image on a card; no image where it could not be read. */
  public record Input(String name, String uri, String share, List<Placed> image) {}

  /**
   * A row of the manifest.
   *
   * @param code why it failed; empty where it did not
   * @param absence why there is no image, where there is none and nothing failed
   * @param knobsOnCard the first of {@code knobs}
   * @param knobsLeft how many more there are; empty for none
   * @param result at most one
   * @param sparkline points of the total loss in a box of 100 by 100; empty where it is not known
   * @param chart its own losses, at most one
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
   * The result's images.
   *
   * @param large names one of {@link Page#larges}
   * @param largeContent names another; empty where the thumbnail has to serve
   */
  public record Computed(
      Placed thumbnail, String large, String largeContent, int width, int height) {}
}
