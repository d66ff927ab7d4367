package nst.report;

import java.util.List;

/**
 * The page about a style network as its template reads it: text in its final form. It is public
 * because FreeMarker reads only public classes.
 *
 * @param title the looks
 * @param charts at most one: training and held-out losses
 */
public record NetworkPage(
    String title,
    String key,
    String summary,
    List<LossChart> charts,
    List<Sample> samples,
    List<HeldOut> heldOut,
    List<Page.Fact> training,
    List<Page.Fact> objective,
    List<Page.Fact> leftOut,
    String moreLeftOut) {
  /** A photo beside its picture. */
  public record Sample(String name, String look, PageImage photo, PageImage picture) {}

  /** The losses of a photo at the end, and the total at the start. */
  public record HeldOut(
      String name,
      String look,
      String before,
      String total,
      String content,
      String style,
      String tv) {}
}
