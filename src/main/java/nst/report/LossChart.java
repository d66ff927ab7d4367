package nst.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import nst.model.LossSample;

/**
 * Losses against iterations, with a logarithmic axis for the loss. Coordinates are from 0 to
 * {@value #SIDE} on both axes, with y downwards; the page scales them.
 *
 * @param lastIteration the iteration at the right end of the axis
 * @param low the loss at the bottom
 * @param high the loss at the top
 */
public record LossChart(
    String title,
    int lastIteration,
    double low,
    double high,
    List<Tick> xTicks,
    List<Tick> yTicks,
    List<Tick> scales,
    List<Curve> curves) {

  static final int SIDE = 1000;

  /** Two points closer than this look like one, so one is left out. */
  private static final int NEAREST = 8;

  /** A mark on an axis, with its coordinate and label. */
  public record Tick(int at, String label) {}

  /**
   * A line.
   *
   * @param row the number of the manifest row that it belongs to
   * @param name the name of the shown value
   * @param points the points for SVG's {@code polyline}
   */
  public record Curve(long row, String name, String points) {}

  /** The value of a sample that a curve shows. */
  record Term(String name, ToDoubleFunction<LossSample> loss) {}

  static final List<Term> TERMS =
      List.of(
          new Term("total", LossSample::totalLoss),
          new Term("content", LossSample::contentLoss),
          new Term("style", LossSample::styleLoss),
          new Term("tv", LossSample::tvLoss));

  /** A curve: one term of the samples of a row. */
  private record Line(long row, Term term, List<LossSample> samples) {}

  /** One term of these rows. */
  static LossChart ofRows(String title, Term term, List<RunReport.Curve> curves) {
    return of(
        title,
        curves.stream().map(curve -> new Line(curve.row(), term, curve.losses())).toList(),
        List.of());
  }

  /** All terms of the iterates of one row. */
  public static LossChart ofTerms(String title, long row, List<LossSample> samples) {
    List<Line> lines = new ArrayList<>();
    for (Term term : TERMS) {
      if (samples.stream().anyMatch(sample -> term.loss().applyAsDouble(sample) > 0)) {
        lines.add(new Line(row, term, samples));
      }
    }
    return of(title, lines, samples);
  }

  /** The total losses of a training and of its held-out photos. */
  static LossChart ofTraining(String title, List<LossSample> training, List<LossSample> heldOut) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(0, new Term("training", LossSample::totalLoss), training));
    lines.add(new Line(1, new Term("held-out", LossSample::totalLoss), heldOut));
    return of(title, lines, List.of());
  }

  private static LossChart of(String title, List<Line> lines, List<LossSample> scaled) {
    int last = 1;
    List<Double> values = new ArrayList<>();
    for (Line line : lines) {
      for (LossSample sample : line.samples()) {
        last = Math.max(last, sample.iteration());
        values.add(line.term().loss().applyAsDouble(sample));
      }
    }
    LogScale scale = LogScale.around(values);
    List<Curve> curves = new ArrayList<>();
    for (Line line : lines) {
      curves.add(new Curve(line.row(), line.term().name(), points(line, last, scale)));
    }
    return new LossChart(
        title,
        last,
        scale.low(),
        scale.high(),
        iterationTicks(last),
        lossTicks(scale),
        scaleMarks(scaled, last),
        curves);
  }

  private static String points(Line line, int last, LogScale scale) {
    StringBuilder points = new StringBuilder();
    int keptX = Integer.MIN_VALUE / 2;
    int keptY = 0;
    List<LossSample> samples = line.samples();
    for (int i = 0; i < samples.size(); i++) {
      LossSample sample = samples.get(i);
      int x = across(sample.iteration(), last);
      int y = down(line.term().loss().applyAsDouble(sample), scale);
      boolean isLast = i == samples.size() - 1;
      if (isLast || Math.abs(x - keptX) + Math.abs(y - keptY) >= NEAREST) {
        points.append(points.isEmpty() ? "" : " ").append(x).append(',').append(y);
        keptX = x;
        keptY = y;
      }
    }
    return points.toString();
  }

  private static int across(int iteration, int last) {
    return Math.round((float) SIDE * iteration / last);
  }

  private static int down(double loss, LogScale scale) {
    return SIDE - (int) Math.round(SIDE * scale.position(loss));
  }

  private static List<Tick> iterationTicks(int last) {
    double decade = Math.pow(10, Math.floor(Math.log10(last)));
    int step = (int) Math.max(1, decade);
    for (double part : new double[] {0.2, 0.25, 0.5, 1}) {
      double candidate = part * decade;
      if (candidate >= 1 && candidate == Math.rint(candidate) && last / candidate <= 6) {
        step = (int) candidate;
        break;
      }
    }
    List<Tick> ticks = new ArrayList<>();
    for (int iteration = 0; iteration <= last; iteration += step) {
      ticks.add(new Tick(across(iteration, last), NumberFormats.count(iteration)));
    }
    return ticks;
  }

  private static List<Tick> lossTicks(LogScale scale) {
    return scale.ticks().stream()
        .map(value -> new Tick(down(value, scale), NumberFormats.number(value)))
        .toList();
  }

  /** The iterations at which a pyramid continues at its next scale. */
  private static List<Tick> scaleMarks(List<LossSample> samples, int last) {
    List<Tick> marks = new ArrayList<>();
    for (int i = 1; i < samples.size(); i++) {
      LossSample sample = samples.get(i);
      if (sample.scale() != samples.get(i - 1).scale()) {
        marks.add(new Tick(across(sample.iteration(), last), sample.scale() + " px"));
      }
    }
    return marks;
  }
}
