package nst.cli.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import nst.job.Forecast;
import nst.job.executor.Session;
import nst.job.halving.Halving;
import nst.job.halving.Rung;
import nst.job.source.ManifestSource;
import nst.job.sweep.SweepTable;
import nst.model.Hyperparameters;
import nst.model.RunConfig;
import nst.model.knob.SizeChoices.SizeRule;
import nst.model.text.Counts;

/**
 * What a halving would compute and cost, compared with its full grid. Which points a later rung has
 * is not known yet, so its hours are those of an average point.
 *
 * @param grid the forecast of all points with their own values
 */
public record HalvingPlan(List<RungPlan> rungs, Forecast grid) {

  /**
   * One rung.
   *
   * @param size in pixels, for people
   * @param steps for people
   * @param rows the number of rows, done or not
   * @param deviceHours for the rows that are not done
   */
  public record RungPlan(
      Rung rung,
      String size,
      String steps,
      long rows,
      double deviceHours,
      double cost,
      double makespanHours) {}

  public HalvingPlan {
    rungs = List.copyOf(rungs);
  }

  /**
   * Predicts the rungs. Writes a manifest of all points for each rung.
   *
   * @param output absolute URI
   */
  public static HalvingPlan of(Session session, Halving halving, String output, RunConfig config) {
    List<RungPlan> plans = new ArrayList<>();
    Forecast forecast = null;
    for (Rung rung : halving.rungs()) {
      SweepTable table = halving.whole(rung);
      String manifest = table.placeIn(output);
      table.write(session, manifest);
      forecast = Forecast.of(session, ManifestSource.table(manifest), output, config);
      plans.add(plan(rung, halving, forecast, config));
    }
    return new HalvingPlan(plans, forecast); // the points of the last rung have their own values
  }

  private static RungPlan plan(Rung rung, Halving halving, Forecast all, RunConfig config) {
    int points = halving.rungs().get(0).points();
    long rows = (long) halving.sweep().rows().size() / points * rung.points();
    double share = share(rows, all.rows());
    List<Hyperparameters> values =
        IntStream.range(0, points)
            .mapToObj(point -> halving.at(rung, point).values(config.preset()))
            .toList();
    return new RungPlan(
        rung,
        size(values.get(0)),
        steps(values),
        rows,
        all.deviceHours() * share,
        all.cost() * share,
        all.makespanHours() * share);
  }

  /**
   * The share of the rows that a forecast of all points would compute, of which a rung computes
   * some.
   *
   * @param rows of the rung
   * @param all the rows of all points by status
   */
  static double share(long rows, Map<String, Long> all) {
    long planned = all.getOrDefault("planned", 0L);
    long done = all.get("total") - planned;
    return planned == 0 ? 0 : Math.max(0, rows - done) / (double) planned;
  }

  private static String size(Hyperparameters h) {
    return h.sizeRule() == SizeRule.EXACT
        ? h.imageWidth() + " x " + h.imageHeight()
        : Integer.toString(h.imageSize());
  }

  private static String steps(List<Hyperparameters> values) {
    IntSummaryStatistics steps =
        values.stream().mapToInt(Hyperparameters::numIterations).summaryStatistics();
    return steps.getMin() == steps.getMax()
        ? Counts.of(steps.getMax(), "step")
        : steps.getMin() + " to " + Counts.of(steps.getMax(), "step");
  }

  private double deviceHours() {
    return rungs.stream().mapToDouble(RungPlan::deviceHours).sum();
  }

  private double cost() {
    return rungs.stream().mapToDouble(RungPlan::cost).sum();
  }

  private double makespanHours() {
    return rungs.stream().mapToDouble(RungPlan::makespanHours).sum();
  }

  private long rows() {
    return rungs.stream().mapToLong(RungPlan::rows).sum();
  }

  /** What it says, in words. */
  public Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    long gridRows = grid.rows().get("total");
    lines.put("rows", rows() + " in " + rungs.size() + " rungs, " + gridRows + " in the full grid");
    for (RungPlan plan : rungs) {
      lines.put(
          "rung " + plan.rung().number(),
          String.format(
              Locale.ROOT,
              "%d points, %s px, %s: %s, %.3f device-hours, cost %.2f",
              plan.rung().points(),
              plan.size(),
              plan.steps(),
              Counts.of(plan.rows(), "row"),
              plan.deviceHours(),
              plan.cost()));
    }
    lines.put("device-hours", of("%.3f", deviceHours(), grid.deviceHours()));
    lines.put("cost", of("%.2f", cost(), grid.cost()));
    lines.put("devices", Integer.toString(grid.devices()));
    lines.put("hours until done", of("%.3f", makespanHours(), grid.makespanHours()));
    return lines;
  }

  private static String of(String format, double halving, double grid) {
    return String.format(Locale.ROOT, format + ", full grid " + format, halving, grid);
  }

  /** Adds what it says, for programs. */
  public void addTo(ObjectNode node) {
    node.put("device_hours", deviceHours());
    node.put("cost", cost());
    node.put("makespan_hours", makespanHours());
    ArrayNode list = node.putArray("rungs");
    for (RungPlan plan : rungs) {
      list.addObject()
          .put("rung", plan.rung().number())
          .put("points", plan.rung().points())
          .put("rows", plan.rows())
          .put("device_hours", plan.deviceHours())
          .put("cost", plan.cost());
    }
  }
}
