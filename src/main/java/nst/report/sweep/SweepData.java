package nst.report.sweep;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import nst.report.row.SafeText;

/**
 * What the script of the page needs to know about the sweep of a run and the rows that a user
 * picked. Rows are named by their numbers. Credentials are removed from all texts.
 *
 * @param axes empty if the rows are not a sweep
 * @param sampled whether the points are samples and not a grid
 * @param kinds the kinds of terms that cannot be compared with each other
 * @param kind the index of the kind of each row; -1 for a row that is not part of the sweep
 * @param normalized whether the terms are shares of their value at a reference
 * @param front the rows on the Pareto fronts
 * @param best the rows from which the next grid was made
 * @param next what to run next, in sentences
 * @param command the command line that runs it; empty if there is none
 * @param pick the expression with which rows were picked; empty if none were
 * @param picked these rows, in their order
 */
public record SweepData(
    List<AxisData> axes,
    boolean sampled,
    List<String> kinds,
    List<Integer> kind,
    boolean normalized,
    Set<Integer> front,
    List<Integer> best,
    List<String> next,
    String command,
    String pick,
    List<Long> picked) {

  /**
   * An axis.
   *
   * @param setting whether it is a setting and not the photo or the painting
   * @param numbers the values as numbers; empty if they are not numbers
   * @param logarithmic the scale of the numbers
   * @param at the index of the value of each row; -1 if it has none
   */
  public record AxisData(
      String name,
      boolean setting,
      List<String> labels,
      List<Double> numbers,
      boolean logarithmic,
      List<Integer> at) {}

  /** The data of a run whose rows are not a sweep. */
  public static SweepData ofPicked(String pick, List<Long> picked) {
    return new SweepData(
        List.of(),
        false,
        List.of(),
        List.of(),
        false,
        Set.of(),
        List.of(),
        List.of(),
        "",
        SafeText.of(pick),
        picked);
  }

  /** The data of a sweep. */
  public static SweepData of(
      Sweep sweep, NextGrid next, Optional<String> command, String pick, List<Long> picked) {
    return new SweepData(
        sweep.axes().stream().map(SweepData::axis).toList(),
        sweep.isSampled(),
        sweep.kinds().labels(),
        sweep.kinds().at(),
        sweep.kinds().normalized(),
        sweep.front(),
        next.best(),
        next.sentences(),
        SafeText.of(command.orElse("")),
        SafeText.of(pick),
        picked);
  }

  private static AxisData axis(Axis axis) {
    boolean setting = axis.kind() != Axis.Kind.PHOTO && axis.kind() != Axis.Kind.STYLE;
    return new AxisData(
        axis.name(),
        setting,
        axis.labels().stream().map(SafeText::of).toList(),
        axis.isNumeric()
            ? IntStream.range(0, axis.values().size()).mapToObj(axis::number).toList()
            : List.of(),
        axis.isLogarithmic(),
        axis.codes());
  }
}
