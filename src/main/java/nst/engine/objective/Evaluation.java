package nst.engine.objective;

import ai.djl.ndarray.NDArray;

/**
 * The objective at one variable.
 *
 * @param gradient of the total by the variable, of its shape; its owner closes it
 * @param gradientNorm Euclidean
 */
public record Evaluation(LossTerms terms, NDArray gradient, double gradientNorm) {
  public boolean isFinite() {
    return terms.isFinite() && Double.isFinite(gradientNorm);
  }
}
