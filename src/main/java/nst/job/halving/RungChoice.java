package nst.job.halving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The points of a rung, the best first.
 *
 * @param ranked with their scores. Of equal scores, the point that comes first in the sweep is
 *     first
 * @param notes which points and pairs were left out, and why
 */
public record RungChoice(List<Scored> ranked, List<String> notes) {
  /** So many rows without a score are named. */
  private static final int NAMED = 10;

  /**
   * A point and its score.
   *
   * @param point its number in the sweep, from 0
   * @param score the mean over the pairs of photo and painting; the smaller the better
   */
  public record Scored(int point, double score) {}

  public RungChoice {
    ranked = List.copyOf(ranked);
    notes = List.copyOf(notes);
  }

  /**
   * Ranks the points. A pair of photo and painting without any score is left out, because it says
   * nothing about the points. A point without a score for one of the other pairs is left out,
   * because its mean could not be compared.
   */
  static RungChoice of(List<RowScore> rows) {
    Set<Object> scored = new HashSet<>();
    rows.stream().filter(row -> row.score().isPresent()).forEach(row -> scored.add(row.pair()));
    Set<Object> dumb = new HashSet<>();
    Set<Integer> incomplete = new HashSet<>();
    Map<Integer, List<Double>> scores = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    for (RowScore row : rows) {
      if (!scored.contains(row.pair())) {
        if (dumb.add(row.pair())) {
          notes.add(
              "No point has a score for the photo and painting of row "
                  + row.id()
                  + ", so all points are compared without them: "
                  + row.reason());
        }
      } else if (row.score().isEmpty()) {
        incomplete.add(row.point());
        notes.add("Row " + row.id() + " drops its point: " + row.reason());
      } else {
        scores.computeIfAbsent(row.point(), point -> new ArrayList<>()).add(row.score().get());
      }
    }
    scores.keySet().removeAll(incomplete);
    List<Scored> ranked = new ArrayList<>();
    scores.forEach(
        (point, values) ->
            ranked.add(
                new Scored(
                    point,
                    values.stream().mapToDouble(Double::doubleValue).average().orElseThrow())));
    ranked.sort(Comparator.comparingDouble(Scored::score).thenComparingInt(Scored::point));
    return new RungChoice(ranked, shortened(notes));
  }

  private static List<String> shortened(List<String> notes) {
    if (notes.size() <= NAMED) {
      return notes;
    }
    List<String> first = new ArrayList<>(notes.subList(0, NAMED));
    first.add("and " + (notes.size() - NAMED) + " more, which metrics has");
    return first;
  }

  /** The best points, at most so many, in the order of their scores. */
  public List<Scored> best(int count) {
    return ranked.subList(0, Math.min(count, ranked.size()));
  }
}
