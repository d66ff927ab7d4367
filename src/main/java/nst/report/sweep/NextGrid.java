package nst.report.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import nst.model.Knob;

/**
 * The next grid worth running, from the best rows of a sweep: the rows that a user picked, or
 * otherwise the compromise of each Pareto front.
 *
 * @param axes the axes of the grid; empty if there is nothing more to run
 * @param samples the number of points, if they are samples; otherwise 0
 * @param points the number of points for each photo and painting
 * @param sentences what is done and why
 */
public record NextGrid(
    List<NextAxis> axes, int samples, long points, List<Integer> best, List<String> sentences) {
  /** With more best rows that nobody picked, the middle half of their values counts. */
  private static final int FEW = 3;

  public NextGrid {
    axes = List.copyOf(axes);
    best = List.copyOf(best);
    sentences = List.copyOf(sentences);
  }

  /**
   * Suggests a grid.
   *
   * @param picked the numbers of the rows that a user chose; if there are none, the compromises of
   *     the Pareto fronts count
   */
  public static NextGrid of(Sweep sweep, List<Long> picked) {
    List<Integer> best = best(sweep, picked);
    List<String> sentences = new ArrayList<>();
    sentences.add(basis(best.size(), !picked.isEmpty()));
    if (best.isEmpty()) {
      return new NextGrid(List.of(), 0, 0, best, sentences);
    }
    List<NextAxis> axes = new ArrayList<>();
    boolean sampled = sweep.isSampled();
    for (Axis axis : sweep.axes()) {
      if (axis.kind() == Axis.Kind.PHOTO || axis.kind() == Axis.Kind.STYLE) {
        continue; // all photos and paintings stay
      }
      List<Integer> at = values(axis, best, picked.isEmpty());
      if (!axis.isNumeric()) {
        axes.add(NextAxis.only(axis, at, separator(axis)));
      } else {
        axes.add(
            sampled && axis.kind() != Axis.Kind.BLEND
                ? NextAxis.range(axis, at)
                : NextAxis.grid(axis, at));
      }
    }
    axes.forEach(axis -> sentences.add(axis.sentence()));
    NextGrid next =
        sampled ? ofSamples(sweep, axes, best, sentences) : ofGrid(sweep, axes, best, sentences);
    return next.withObstacle(sweep.recipe());
  }

  private NextGrid withObstacle(Recipe recipe) {
    if (axes.isEmpty() || recipe.obstacle().isEmpty()) {
      return this;
    }
    List<String> more = new ArrayList<>(sentences);
    more.add("The command sweep cannot make this grid, because " + recipe.obstacle().get() + ".");
    return new NextGrid(axes, samples, points, best, more);
  }

  private static List<Integer> best(Sweep sweep, List<Long> picked) {
    return picked.isEmpty()
        ? sweep.compromises()
        : picked.stream().map(Long::intValue).filter(sweep::hasRow).toList();
  }

  private static String basis(int rows, boolean picked) {
    if (rows == 0) {
      return "No row of the sweep has a picture with measured terms, or none of the picked rows is part of it.";
    }
    String number = rows == 1 ? "one row" : rows + " rows";
    return picked
        ? "The best rows are those that were picked: " + number + "."
        : "The best rows are the compromises of content and style: on each Pareto front, the row that is nearest to the"
            + " lowest values of both terms ("
            + number
            + ").";
  }

  /** The indices of the best rows' values on an axis. */
  private static List<Integer> values(Axis axis, List<Integer> best, boolean middle) {
    List<Integer> sorted =
        best.stream().map(axis::at).filter(index -> index >= 0).sorted().toList();
    if (sorted.isEmpty()) { // the best rows do not have this axis, so it stays as it is
      return IntStream.range(0, axis.values().size()).boxed().toList();
    }
    if (!middle || !axis.isNumeric() || sorted.size() <= FEW) {
      return sorted;
    }
    int quarter = sorted.size() / 4;
    return sorted.subList(quarter, sorted.size() - quarter);
  }

  private static String separator(Axis axis) {
    return Knob.named(axis.name()).filter(Knob.ofLayers()::contains).isPresent() ? ";" : ",";
  }

  private static NextGrid ofSamples(
      Sweep sweep, List<NextAxis> axes, List<Integer> best, List<String> sentences) {
    int samples = sweep.points(sweep.numeric()).size();
    sentences.add(samples + " new samples for each photo and painting.");
    return new NextGrid(axes, samples, samples, best, sentences);
  }

  private static NextGrid ofGrid(
      Sweep sweep, List<NextAxis> axes, List<Integer> best, List<String> sentences) {
    if (axes.stream().noneMatch(NextAxis::hasNewValue)) {
      sentences.add(
          "There is no new value to try. Pick fewer rows, for example with --pick, or add an axis.");
      return new NextGrid(List.of(), 0, 0, best, sentences);
    }
    long points = axes.stream().mapToLong(axis -> axis.values().size()).reduce(1, (a, b) -> a * b);
    long known = known(sweep, axes);
    sentences.add(
        points
            + " points for each photo and painting, "
            + (points - known)
            + " of them new. Rows that the output already has are not computed again.");
    return new NextGrid(axes, 0, points, best, sentences);
  }

  /** The number of points of the next grid that the sweep has. */
  private static long known(Sweep sweep, List<NextAxis> axes) {
    List<Set<Integer>> kept = new ArrayList<>();
    for (NextAxis next : axes) {
      Set<Integer> indices = new TreeSet<>();
      next.values().forEach(value -> indices.add(next.axis().values().indexOf(value)));
      indices.remove(-1);
      kept.add(new HashSet<>(indices));
    }
    return sweep.points(axes.stream().map(NextAxis::axis).toList()).stream()
        .filter(
            point -> {
              for (int i = 0; i < kept.size(); i++) {
                if (!kept.get(i).contains(point.get(i))) {
                  return false;
                }
              }
              return true;
            })
        .count();
  }

  /** The axis of this name, if the grid has it. */
  Optional<NextAxis> axis(String name) {
    return axes.stream().filter(axis -> axis.axis().name().equals(name)).findFirst();
  }
}
