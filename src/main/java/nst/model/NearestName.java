package nst.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody probably meant. */
public final class NearestName {
  /** A name this many edits away, or nearer, is taken for a slip of the hand. */
  private static final int MAX_EDITS = 2;

  private NearestName() {}

  /**
   * The known name nearest to {@code typed}, ignoring case, underscores and hyphens; empty where
   * none is near or where {@code typed} is itself known.
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    if (known.contains(typed)) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> edits(squash(typed), squash(name)) <= allowed(name))
        .min(Comparator.comparingInt(name -> edits(squash(typed), squash(name))));
  }

  /** Short names are near to everything: they allow fewer edits. */
  private static int allowed(String name) {
    int length = squash(name).length();
    return length <= 4 ? 0 : length <= 7 ? 1 : MAX_EDITS;
  }

  private static String squash(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]", "");
  }

  /** Levenshtein's distance. */
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
