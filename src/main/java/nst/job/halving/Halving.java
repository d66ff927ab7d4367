package nst.job.halving;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nst.job.executor.Session;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepPoint;
import nst.job.sweep.SweepRow;
import nst.job.sweep.SweepTable;
import nst.model.Problems;
import nst.model.RunConfig;
import nst.model.Setting;
import nst.record.RunSummary;
import nst.storage.OutputLayout;

/**
 * Successive halving of a sweep. Each {@link Rung} is a run: its points get a share of the steps
 * and of the size, and those with the best scores are in the next rung. The choice is computed from
 * {@code metrics}, so a run that is repeated chooses the same points.
 */
public final class Halving {
  private final Session session;
  private final Sweep sweep;
  private final HalvingRule rule;
  private final RunConfig config;
  private final List<SweepPoint> points;
  private final Map<String, Integer> pointOfRow = new HashMap<>();

  /** What a halving needs and reports while it goes on. */
  public interface Runs {
    /** Runs a manifest, or continues the run of this rung. */
    RunSummary run(Rung rung, String manifest);

    /** Called when the points of a rung have been compared. */
    void chosen(Rung rung, RungChoice choice);
  }

  private Halving(Session session, Sweep sweep, HalvingRule rule, RunConfig config) {
    this.session = session;
    this.sweep = sweep;
    this.rule = rule;
    this.config = config;
    this.points = sweep.rows().stream().map(SweepRow::point).distinct().toList();
    Map<SweepPoint, Integer> numbers =
        IntStream.range(0, points.size()).boxed().collect(Collectors.toMap(points::get, i -> i));
    sweep.rows().forEach(row -> pointOfRow.put(row.id(), numbers.get(row.point())));
  }

  /**
   * Prepares the halving of a sweep; empty if there are faults.
   *
   * @param rule the text of a {@link HalvingRule}
   * @param problems receives every fault
   */
  public static Optional<Halving> of(
      Session session, Sweep sweep, String rule, RunConfig config, Problems problems) {
    if (config.amortize() == Setting.Amortize.AUTO) {
      problems.add(
          "--amortize",
          "",
          "expected off with --halving, because rows of a network have no steps, was auto");
    }
    try {
      Halving halving =
          new Halving(session, sweep, HalvingRule.parse(session.spark(), rule), config);
      new HalvingCheck(problems).check(sweep, halving.points, halving.rule, config.preset());
      return problems.isEmpty() ? Optional.of(halving) : Optional.empty();
    } catch (IllegalArgumentException e) {
      problems.add("--halving-rule", "", e.getMessage());
      return Optional.empty();
    }
  }

  /** The rungs, if no point is dropped. */
  public List<Rung> rungs() {
    return Rung.of(points.size());
  }

  public Sweep sweep() {
    return sweep;
  }

  public HalvingRule rule() {
    return rule;
  }

  /** A point by its number, with its values on the axes. */
  public String label(int number) {
    return sweep.label(points.get(number));
  }

  /** The values of the points in a rung. */
  public SweepPoint at(Rung rung, int number) {
    SweepPoint point = points.get(number);
    return point.with(rung.budget(point.values(config.preset())));
  }

  /**
   * A manifest of all points with the budget of a rung. That of the first rung is the one that is
   * run; that of the last rung is the full grid.
   */
  public SweepTable whole(Rung rung) {
    return rung.isLast() ? new SweepTable(sweep) : table(rung, rows(rung, all()), Map.of());
  }

  private List<Integer> all() {
    return IntStream.range(0, points.size()).boxed().toList();
  }

  /** The rows of some points in a rung, in the order of the sweep. */
  private List<SweepRow> rows(Rung rung, List<Integer> chosen) {
    Set<Integer> wanted = Set.copyOf(chosen);
    List<SweepRow> rows = new ArrayList<>();
    for (SweepRow row : sweep.rows()) {
      int point = pointOfRow.get(row.id());
      if (wanted.contains(point)) {
        rows.add(new SweepRow(row.id(), row.content(), row.style(), at(rung, point)));
      }
    }
    return rows;
  }

  private SweepTable table(Rung rung, List<SweepRow> rows, Map<Integer, Double> scores) {
    return new SweepTable(sweep.with(rows), new RungColumns(rung.number(), pointOfRow, scores));
  }

  /**
   * Runs the rungs. If no point of a rung has a score, it is the last one.
   *
   * @param output absolute URI
   * @return the choice of the last rung that was run
   */
  public RungChoice run(String output, Runs runs) {
    List<Integer> chosen = all();
    Map<Integer, Double> scores = Map.of();
    RungChoice choice = new RungChoice(List.of(), List.of());
    for (Rung rung : rungs()) {
      List<SweepRow> rows = rows(rung, chosen);
      SweepTable table = table(rung, rows, scores);
      String manifest = table.placeIn(output);
      table.write(session, manifest);
      choice = choice(rows, runs.run(rung, manifest));
      runs.chosen(rung, choice);
      List<RungChoice.Scored> best = choice.best(rung.kept());
      if (best.isEmpty()) {
        return choice;
      }
      chosen = best.stream().map(RungChoice.Scored::point).toList();
      scores =
          best.stream()
              .collect(Collectors.toMap(RungChoice.Scored::point, RungChoice.Scored::score));
    }
    return choice;
  }

  /** Ranks all points by a finished run of the full grid. */
  public RungChoice ranked(RunSummary grid) {
    return choice(sweep.rows(), grid);
  }

  private RungChoice choice(List<SweepRow> rows, RunSummary summary) {
    List<RungResults.Result> results =
        RungResults.read(
            session, new OutputLayout(summary.output(), summary.runDate(), summary.runId()));
    List<Optional<Double>> scores =
        rule.scores(session.spark(), results.stream().map(RungResults.Result::terms).toList());
    List<RowScore> scored = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      SweepRow row = rows.get(i);
      RungResults.Result result = results.get(i);
      scored.add(
          new RowScore(
              row.id(),
              pointOfRow.get(row.id()),
              row.pair(),
              scores.get(i),
              result.terms().isPresent() ? "the rule has no finite value" : result.reason()));
    }
    return RungChoice.of(scored);
  }
}
