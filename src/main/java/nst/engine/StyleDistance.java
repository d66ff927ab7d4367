package nst.engine;

import nst.model.Hyperparameters;

/** What turns mean (G - A)^2 over the N^2 entries into the style term that the row asks for. */
final class StyleDistance {
  private StyleDistance() {}

  /**
   * The factor.
   *
   * @param channels N
   * @param positions M
   */
  static double factor(Hyperparameters hyperparameters, double channels, double positions) {
    return switch (hyperparameters.styleTerm()) {
      case MEAN_SQUARES -> 1;
      case GATYS -> 1 / (4 * positions * positions);
      case MEAN_PER_ELEMENT -> 1 / (channels * positions);
    };
  }
}
