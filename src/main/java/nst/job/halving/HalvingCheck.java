package nst.job.halving;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.job.sweep.Sweep;
import nst.job.sweep.SweepPoint;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Problems;
import nst.model.knob.LossChoices.LossNormalization;
import nst.model.knob.SizeChoices.SizeRule;

/** Checks that the points of a sweep can be compared by the terms of their images. */
final class HalvingCheck {
  private static final String HALVING = "--halving";
  private static final String RULE = "--halving-rule";

  /** The knobs that change what the terms measure. With different values, terms say nothing. */
  private static final List<Knob> MEASURES =
      List.of(
          Knob.BACKBONE,
          Knob.POOLING,
          Knob.PADDING,
          Knob.FEATURE_SCALE,
          Knob.CONTENT_LAYERS,
          Knob.CONTENT_TERM,
          Knob.STYLE_LAYERS,
          Knob.STYLE_LAYERS_END,
          Knob.GRAM,
          Knob.STYLE_TERM,
          Knob.STYLE_BLEND,
          Knob.TV_TERM,
          Knob.OPTIMIZE_IN,
          Knob.LOSS_NORMALIZATION,
          Knob.MASK_FEATHER,
          Knob.IMAGE_SIZE,
          Knob.SIZE_RULE,
          Knob.IMAGE_WIDTH,
          Knob.IMAGE_HEIGHT);

  private final Problems problems;

  HalvingCheck(Problems problems) {
    this.problems = problems;
  }

  /**
   * Adds every fault.
   *
   * @param points all different
   * @param byDefault the preset of points that name none
   */
  void check(Sweep sweep, List<SweepPoint> points, HalvingRule rule, Preset byDefault) {
    if (points.size() < Rung.FEWEST_POINTS) {
      problems.add(
          HALVING, "", "expected at least " + Rung.FEWEST_POINTS + " points, was " + points.size());
    }
    List<Hyperparameters> values = points.stream().map(point -> point.values(byDefault)).toList();
    for (Knob knob : MEASURES) {
      Set<String> texts = new LinkedHashSet<>();
      values.forEach(h -> texts.add(h.text(knob)));
      if (texts.size() > 1) {
        problems.add(
            HALVING,
            knob.key(),
            "expected one value in all points, because it changes what the terms measure, was "
                + String.join(" and ", texts));
      }
    }
    Hyperparameters first = values.get(0);
    if (first.sizeRule() == SizeRule.CONTENT) {
      problems.add(
          HALVING,
          Knob.SIZE_RULE.key(),
          "expected a size that can be reduced, such as size_rule=longest, was content");
    }
    if (rule.isSum() && first.lossNormalization() != LossNormalization.INITIAL) {
      problems.add(
          RULE,
          "",
          "expected loss_normalization=initial with sum, because the terms have no common unit otherwise,"
              + " was none; use style_loss, content_loss or a formula with factors");
    }
    checkPairs(sweep, points);
  }

  /** The mean of a point is over its pairs, so that all points need the same ones. */
  private void checkPairs(Sweep sweep, List<SweepPoint> points) {
    Map<SweepPoint, Set<Object>> pairs = new LinkedHashMap<>();
    points.forEach(point -> pairs.put(point, new HashSet<>()));
    sweep.rows().forEach(row -> pairs.get(row.point()).add(row.pair()));
    if (new HashSet<>(pairs.values()).size() > 1) {
      problems.add(
          HALVING,
          "",
          "expected the same photos and paintings in all points, but conditions of --where exclude some"
              + " in some points only");
    }
  }
}
