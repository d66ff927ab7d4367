package nst.model.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Suggests a known name for a mistyped one. */
public final class NearestName {
  /** The largest edit distance that counts as a typing error. */
  private static final int MAX_EDITS = 2;

  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private NearestName() {}

  /**
   * The known name nearest to {@code typed}, ignoring case, underscores and hyphens; empty if no
   * name is near enough or {@code typed} itself is known.
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    return nearest(typed, known, NearestName::allowed);
  }

  /**
   * The same for a few known names that do not resemble each other. One edit is allowed in short
   * names too.
   */
  public static Optional<String> ofFew(String typed, Collection<String> known) {
    return nearest(typed, known, name -> Math.max(1, allowed(name)));
  }

  private static Optional<String> nearest(
      String typed, Collection<String> known, ToIntFunction<String> allowed) {
    if (known.contains(typed)) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> EDITS.apply(squash(typed), squash(name)) <= allowed.applyAsInt(name))
        .min(Comparator.comparingInt(name -> EDITS.apply(squash(typed), squash(name))));
  }

  /**
   * Short names allow fewer edits, because unrelated short names are often only a few edits apart.
   */
  private static int allowed(String name) {
    int length = squash(name).length();
    return length <= 4 ? 0 : length <= 7 ? 1 : MAX_EDITS;
  }

  private static String squash(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "");
  }
}
