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
 * One row of the manifest and what became of it.
 *
 * @param id the user's own name for it
 * @param failure why it failed, for a failed row
 * @param content URI of the photo
 * @param styles at least one
 * @param knobs those whose values differ from the run's, by key, in the order to show them
 * @param imageLink the saved image, relative to the page ({@code
 *     ../../../../images/v1/ab/ab12.png}); empty where there is none or where the page lies
 *     elsewhere
 * @param result absent where nothing was computed
 * @param losses of the optimisation, in order; empty where it is not known
 * @param inputWarnings what decoding the inputs had to say, each a sentence
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
   * @param thumbnail absent where it could not be read
   */
  public record Source(String uri, Optional<PageImage> thumbnail) {}

  /**
   * A style and its share.
   *
   * @param weight the share, in (0, 1]
   */
  public record StyleSource(Source source, double weight) {}

  /**
   * The stylised image.
   *
   * @param width of the saved image, in pixels
   * @param height of the saved image, in pixels
   * @param stopReason why the optimisation ended
   * @param thumbnail for the contact sheet
   * @param large for the large view
   * @param largeContent the content for the comparison with {@code large}; without it the thumbnail
   *     serves
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
