package nst.engine.objective;

import ai.djl.ndarray.NDArray;

/**
 * A point at which an objective is evaluated.
 *
 * @param variable (1, 3, height, width) in the objective's coordinates
 * @param progress from 0 at the first iterate to 1 at the last
 */
public record Point(Objective objective, NDArray variable, double progress) {
  boolean canShareAPass() {
    return objective.canShareAPass();
  }

  Evaluation evaluatedAlone() {
    return objective.evaluate(variable, progress);
  }

  Objective.AtPoint begun() {
    return objective.new AtPoint(variable, progress);
  }
}
