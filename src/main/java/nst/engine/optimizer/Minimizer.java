package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;

/** Minimises an objective step by step. It owns its memory; the iterates belong to the caller. */
public sealed interface Minimizer extends AutoCloseable permits Adam, Lbfgs {

  /**
   * The next iterate; empty if no lower one can be found.
   *
   * @param objective evaluates terms and gradient at a point
   * @param from the current iterate; not closed
   * @param learningRate the step size
   */
  Optional<Iterate> step(
      Function<NDArray, Evaluation> objective, Iterate from, double learningRate);

  /**
   * Continues at another scale.
   *
   * @param variables resamples tensors with the variable's units
   * @param gradients resamples tensors with the gradient's units
   */
  void rescale(UnaryOperator<NDArray> variables, UnaryOperator<NDArray> gradients);

  /** Clears the memory. */
  @Override
  void close();
}
