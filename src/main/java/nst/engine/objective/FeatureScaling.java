package nst.engine.objective;

import nst.engine.network.FeatureNetwork;
import nst.model.Hyperparameters;
import nst.model.knob.LossChoices.LossNormalization;

/**
 * Brings terms to the activation scale that a recipe's weights are stated for. Were each map F
 * multiplied by s, content terms, which are quadratic in F, would be multiplied by s^2, and style
 * terms, quadratic in F F^T, by s^4. So the maps stay as they are and the terms are multiplied.
 *
 * @param content s^2
 * @param style s^4
 */
record FeatureScaling(double content, double style) {

  /** Of a recipe on a network. Normalised terms are ratios, which no scale changes. */
  static FeatureScaling of(Hyperparameters hyperparameters, FeatureNetwork network) {
    if (hyperparameters.lossNormalization() == LossNormalization.INITIAL) {
      return new FeatureScaling(1, 1);
    }
    double s = hyperparameters.featureScale().activationScale() / network.activationScale();
    return new FeatureScaling(s * s, s * s * s * s);
  }
}
