package nst.report.row;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.TransferResult.Failure;
import nst.model.TransferResult.Status;
import nst.model.TransferResult.Timings;

/**
 * A row of the manifest and its result.
 *
 * @param number of the manifest row, from 0
 * @param id the user's name for it
 * @param failure why it failed, for a failed row
 * @param content URI of the photo; empty if the row is not a valid request
 * @param knobs the manifest's columns in which it differs from the run's values, in the order of
 *     display
 * @param own the user's own columns
 * @param saved the saved image; empty if there is none
 * @param thumbnail of the saved image, if the page has one
 * @param times empty if nothing was computed in this run
 * @param warnings about the inputs, each a sentence
 */
public record PageRow(
    long number,
    String id,
    String key,
    Status status,
    Optional<Failure> failure,
    String content,
    List<Style> styles,
    Map<String, String> knobs,
    Map<String, String> own,
    Optional<Saved> saved,
    Optional<Picture> thumbnail,
    Optional<Timings> times,
    List<String> warnings) {

  /**
   * A style of a row.
   *
   * @param weight the share, in (0, 1]
   * @param mask empty if there is none
   * @param styleMask empty if there is none
   */
  public record Style(String uri, double weight, String mask, String styleMask) {}

  /**
   * The image as saved. Losses are null if they were not measured.
   *
   * @param file the image below the folder of all images: {@code ab/ab12.png}
   * @param width in pixels
   * @param height in pixels
   * @param content the unweighted content term
   * @param style the unweighted style term
   * @param tv the unweighted total variation
   * @param total the weighted sum
   * @param initialTotal the weighted sum at the start image
   */
  public record Saved(
      String file,
      int width,
      int height,
      int iterations,
      String stopReason,
      Double content,
      Double style,
      Double tv,
      Double total,
      Double initialTotal) {

    public Saved {
      if (!file.matches("[A-Za-z0-9_./-]*") || file.startsWith("/") || file.contains("..")) {
        throw new IllegalArgumentException("expected a relative path of an image, was " + file);
      }
    }

    /** The share of the start image's loss that is left; null if it was not measured. */
    Double left() {
      return total == null || initialTotal == null || initialTotal == 0
          ? null
          : (Double) (total / initialTotal);
    }
  }

  public PageRow {
    styles = List.copyOf(styles);
    knobs = Collections.unmodifiableMap(new LinkedHashMap<>(knobs));
    own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    warnings = List.copyOf(warnings);
  }

  /** The names and weights of the styles, for one line of text. */
  public String styleText() {
    StringBuilder text = new StringBuilder();
    for (Style style : styles) {
      text.append(text.isEmpty() ? "" : " + ").append(SafeText.of(style.uri()));
      if (styles.size() > 1) {
        text.append(' ').append(Math.round(100 * style.weight())).append(" %");
      }
    }
    return text.toString();
  }
}
