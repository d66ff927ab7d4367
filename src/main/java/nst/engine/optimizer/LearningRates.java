package nst.engine.optimizer;

import nst.model.Hyperparameters;

/** The step size of each step. */
public final class LearningRates {
  private LearningRates() {}

  /**
   * The size of one step.
   *
   * @param step the number of the step, from 0, over all scales
   */
  public static double at(Hyperparameters hyperparameters, int step) {
    double from = hyperparameters.learningRate();
    double to = hyperparameters.learningRateEnd();
    double progress = step / (double) Math.max(1, hyperparameters.numIterations() - 1);
    return switch (hyperparameters.learningRateSchedule()) {
      case CONSTANT -> from;
      case STEP ->
          from
              * Math.pow(
                  hyperparameters.learningRateDecay(),
                  Math.floorDiv(step, hyperparameters.learningRateDecayEvery()));
      case LINEAR -> from + (to - from) * progress;
      case COSINE -> to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2;
    };
  }
}
