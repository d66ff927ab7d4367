package nst.report.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rows of a run as a sweep. Made by {@link SweepRows}. */
public final class Sweep {
  /** Two rows always are a front or one row that is better than the other. */
  private static final int FEWEST_COMPARED = 3;

  /** The largest filled share of a grid for which points are taken as samples. */
  private static final double SAMPLED_FILL = 0.3;

  /** The largest share of points that have one value of a sampled axis in common. */
  private static final double SAMPLED_SHARE = 0.34;

  private final List<Axis> axes;
  private final TermKinds kinds;
  private final int[] photos;
  private final int[] styles;
  private final double[] content;
  private final double[] style;
  private final Recipe recipe;

  Sweep(
      List<Axis> axes,
      TermKinds kinds,
      int[] photos,
      int[] styles,
      double[] content,
      double[] style,
      Recipe recipe) {
    this.axes = List.copyOf(axes);
    this.kinds = kinds;
    this.photos = photos;
    this.styles = styles;
    this.content = content;
    this.style = style;
    this.recipe = recipe;
  }

  /** Whether a row is part of the sweep. */
  boolean hasRow(int row) {
    return row < photos.length && photos[row] >= 0;
  }

  /** The columns in which rows differ: photo, painting and preset first, then knobs. */
  public List<Axis> axes() {
    return axes;
  }

  TermKinds kinds() {
    return kinds;
  }

  Recipe recipe() {
    return recipe;
  }

  /** The text of each axis for a row, by the name of the axis. */
  public Map<String, String> values(long row) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Axis axis : axes) {
      int index = row < photos.length ? axis.at((int) row) : -1;
      if (index >= 0) {
        values.put(axis.name(), axis.values().get(index));
      }
    }
    return values;
  }

  /** The axes that are settings, with numbers. */
  List<Axis> numeric() {
    return axes.stream().filter(Axis::isNumeric).toList();
  }

  /**
   * The rows on the Pareto fronts of the content and the style term. There is a front for each
   * photo, painting and kind of terms.
   */
  Set<Integer> front() {
    Set<Integer> rows = new TreeSet<>();
    fronts().forEach(rows::addAll);
    return rows;
  }

  /** The row of each front that is the best compromise of both terms. */
  List<Integer> compromises() {
    List<Integer> rows = new ArrayList<>();
    for (List<Integer> front : fronts()) {
      terms().compromise(front).ifPresent(rows::add);
    }
    return rows;
  }

  private List<List<Integer>> fronts() {
    Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
    for (int row = 0; row < photos.length; row++) {
      if (photos[row] >= 0) {
        groups
            .computeIfAbsent(
                List.of(photos[row], styles[row], kinds.at().get(row)), group -> new ArrayList<>())
            .add(row);
      }
    }
    return groups.values().stream()
        .filter(members -> members.size() >= FEWEST_COMPARED)
        .map(terms()::of)
        .toList();
  }

  private ParetoFront terms() {
    return new ParetoFront(row -> content[row], row -> style[row]);
  }

  /** The different points of some axes. Rows without a point have none. */
  Set<List<Integer>> points(List<Axis> of) {
    Set<List<Integer>> points = new HashSet<>();
    for (int row = 0; row < photos.length; row++) {
      if (photos[row] >= 0) {
        int at = row;
        points.add(of.stream().map(axis -> axis.at(at)).toList());
      }
    }
    return points;
  }

  /** Whether the points are samples between the ends of at least two axes, and not a grid. */
  boolean isSampled() {
    List<Axis> numeric = numeric();
    if (numeric.size() < 2) {
      return false;
    }
    Set<List<Integer>> points = points(numeric);
    double cells =
        numeric.stream().mapToDouble(axis -> axis.values().size()).reduce(1, (a, b) -> a * b);
    if (points.size() >= SAMPLED_FILL * cells) {
      return false;
    }
    for (int axis = 0; axis < numeric.size(); axis++) {
      Map<Integer, Integer> shared = new HashMap<>();
      for (List<Integer> point : points) {
        shared.merge(point.get(axis), 1, Integer::sum);
      }
      int most = shared.values().stream().mapToInt(n -> n).max().orElse(0);
      if (most > SAMPLED_SHARE * points.size()) {
        return false;
      }
    }
    return true;
  }
}
