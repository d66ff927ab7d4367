package nst.engine;

import ai.djl.ndarray.NDArray;

/**
 * The objective at one variable.
 *
 * @param gradient of the total by the variable, of its shape; its owner closes it
 * @param gradientNorm Euclidean
 */
record Evaluation(Terms terms, NDArray gradient, double gradientNorm) {
  boolean isFinite() {
    return terms.isFinite() && Double.isFinite(gradientNorm);
  }
}
