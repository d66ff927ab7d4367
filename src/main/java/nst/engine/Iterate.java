package nst.engine;

import ai.djl.ndarray.NDArray;

/**
 * Where an optimiser is.
 *
 * @param variable (1, 3, height, width)
 * @param evaluation the objective there
 * @param stepSize of the step that led there; of the start: the first to come
 */
record Iterate(NDArray variable, Evaluation evaluation, double stepSize) implements AutoCloseable {
  @Override
  public void close() {
    variable.close();
    evaluation.gradient().close();
  }
}
