package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import nst.engine.objective.Evaluation;

/**
 * Where an optimiser is.
 *
 * @param variable (1, 3, height, width)
 * @param evaluation the objective there
 * @param stepSize of the step that led there; of the start: the first to come
 */
public record Iterate(NDArray variable, Evaluation evaluation, double stepSize)
    implements AutoCloseable {
  @Override
  public void close() {
    variable.close();
    evaluation.gradient().close();
  }
}
