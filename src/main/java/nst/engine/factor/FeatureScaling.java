package nst.engine.factor;

import nst.engine.network.FeatureNetwork;
import nst.model.Hyperparameters;
import nst.model.knob.LossChoices.LossNormalization;

/**
 * Scales terms to the activation scale for which the weights of a recipe are stated. If each map F
 * were multiplied by s, content terms, which are quadratic in F, would be multiplied by s^2, and
 * style terms, which are quadratic in F F^T, by s^4. So the terms are multiplied and the maps are
 * not changed.
 *
 * @param content s^2
 * @param style s^4
 */
public record FeatureScaling(double content, double style) {

  /**
   * The scaling of a recipe for a network. Normalised terms are ratios and do not depend on the
   * scale.
   */
  public static FeatureScaling of(Hyperparameters hyperparameters, FeatureNetwork network) {
    if (hyperparameters.lossNormalization() == LossNormalization.INITIAL) {
      return new FeatureScaling(1, 1);
    }
    double s = hyperparameters.featureScale().activationScale() / network.activationScale();
    return new FeatureScaling(s * s, s * s * s * s);
  }
}
