package nst.engine;

import ai.djl.ndarray.NDArray;

/**
 * Where an optimiser is.
 *
 * @param variable (1, 3, height, width)
 * @param evaluation the objective there
 */
record Iterate(NDArray variable, Evaluation evaluation) implements AutoCloseable {
  @Override
  public void close() {
    variable.close();
    evaluation.gradient().close();
  }
}
