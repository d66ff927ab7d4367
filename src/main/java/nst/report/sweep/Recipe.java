package nst.report.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.Knob;
import nst.model.TransferRequest;

/**
 * What the rows of a sweep have in common.
 *
 * @param photos absolute URIs
 * @param styles the different styles of rows
 * @param presets the labels of the presets that are nearest to the rows
 * @param crossed whether each photo is there with each style, and each varied knob is an axis
 * @param common the knobs with one value that not every preset has
 */
record Recipe(
    List<String> photos,
    List<List<TransferRequest.Style>> styles,
    List<String> presets,
    boolean crossed,
    Map<Knob, String> common) {
  /** A longer command line is better written as a manifest. */
  private static final int MOST_FILES = 100;

  Recipe {
    photos = List.copyOf(photos);
    styles = List.copyOf(styles);
    presets = List.copyOf(presets);
    common = Collections.unmodifiableMap(new LinkedHashMap<>(common));
  }

  /** Why {@code sweep} cannot make such rows; empty if it can. */
  Optional<String> obstacle() {
    if (styles.stream().flatMap(List::stream).anyMatch(Recipe::isMasked)) {
      return Optional.of("its rows have masks");
    }
    if (photos.size() + styles.size() > MOST_FILES) {
      return Optional.of("a command line would name more than " + MOST_FILES + " files");
    }
    return crossed
        ? Optional.empty()
        : Optional.of("not every photo is combined with every painting and all values");
  }

  private static boolean isMasked(TransferRequest.Style style) {
    return !style.mask().isEmpty() || !style.styleMask().isEmpty();
  }
}
