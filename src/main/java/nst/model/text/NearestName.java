package nst.model.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests a known name for a mistyped one. */
public final class NearestName {
  /** The largest edit distance that counts as a typing error. */
  private static final int MAX_EDITS = 2;

  private NearestName() {}

  /**
   * The known name nearest to {@code typed}, ignoring case, underscores and hyphens; empty if no
   * name is near enough or {@code typed} itself is known.
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    if (known.contains(typed)) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> edits(squash(typed), squash(name)) <= allowed(name))
        .min(Comparator.comparingInt(name -> edits(squash(typed), squash(name))));
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

  /** The Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
