package nst.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.LossSample;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;

/**
 * A row of the manifest and its result.
 *
 * @param id the user's name for it
 * @param failure why it failed, for a failed row
 * @param content URI of the photo
 * @param styles at least one
 * @param knobs the values that differ from those of the run, by key, in the order of display
 * @param imageLink the link to the saved image, relative to the page ({@code
 *     ../../../../images/v1/ab/ab12.png}); empty if there is none or the page is elsewhere
 * @param result empty if nothing was computed
 * @param losses the losses of the optimisation, in order; empty if they are not known
 * @param inputWarnings the warnings about the inputs, each a sentence
 */
public record ReportRow(
    String id,
    String key,
    Status status,
    Optional<Failure> failure,
    Source content,
    List<StyleSource> styles,
    Map<String, String> knobs,
    String imageLink,
    Optional<Result> result,
    List<LossSample> losses,
    Timings times,
    List<String> inputWarnings) {

  /**
   * An input image.
   *
   * @param thumbnail empty if it could not be read
   */
  public record Source(String uri, Optional<PageImage> thumbnail) {}

  /**
   * A style and its weight.
   *
   * @param weight the share, in (0, 1]
   */
  public record StyleSource(Source source, double weight) {}

  /**
   * The stylised image.
   *
   * @param width the width of the saved image, in pixels
   * @param height the height of the saved image, in pixels
   * @param stopReason why the optimisation ended
   * @param thumbnail for the contact sheet
   * @param large for the large view
   * @param largeContent the photo for the comparison with {@code large}; if empty, the thumbnail is
   *     used
   */
  public record Result(
      int width,
      int height,
      int iterations,
      String stopReason,
      PageImage thumbnail,
      PageImage large,
      Optional<PageImage> largeContent) {}

  public ReportRow {
    if (styles.isEmpty()) {
      throw new IllegalArgumentException("expected at least one style in row id=" + id);
    }
    if (!imageLink.matches("[A-Za-z0-9_./=-]*") || imageLink.startsWith("/")) {
      throw new IllegalArgumentException(
          "expected a relative link to the image of row id=" + id + ", was " + imageLink);
    }
    styles = List.copyOf(styles);
    knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
    losses = List.copyOf(losses);
    inputWarnings = List.copyOf(inputWarnings);
  }
}
