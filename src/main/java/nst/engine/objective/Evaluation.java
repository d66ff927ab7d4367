package nst.engine.objective;

import ai.djl.ndarray.NDArray;

/**
 * The value of the objective at one point.
 *
 * @param gradient the gradient of the total with respect to the variable, of its shape; the owner
 *     closes it
 * @param gradientNorm the Euclidean norm of the gradient
 */
public record Evaluation(LossTerms terms, NDArray gradient, double gradientNorm) {
  public boolean isFinite() {
    return terms.isFinite() && Double.isFinite(gradientNorm);
  }
}
