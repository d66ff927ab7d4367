package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import nst.engine.objective.Evaluation;

/**
 * A point of an optimisation.
 *
 * @param variable (1, 3, height, width)
 * @param evaluation the objective at this point
 * @param stepSize the size of the step to this point; for the start, the size of the first step
 */
public record Iterate(NDArray variable, Evaluation evaluation, double stepSize)
    implements AutoCloseable {
  @Override
  public void close() {
    variable.close();
    evaluation.gradient().close();
  }
}
