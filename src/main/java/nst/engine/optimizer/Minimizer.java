package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;

/**
 * Moves a variable downhill, step by step. Its memory is its own; the iterates are the caller's.
 */
public sealed interface Minimizer extends AutoCloseable permits Adam, Lbfgs {

  /**
   * The next iterate; empty where none lower can be found.
   *
   * @param objective terms and gradient at a variable
   * @param from not closed
   * @param learningRate the step size
   */
  Optional<Iterate> step(
      Function<NDArray, Evaluation> objective, Iterate from, double learningRate);

  /**
   * Goes on at another scale.
   *
   * @param variables resamples what has the variable's units
   * @param gradients resamples what has the gradient's units
   */
  void rescale(UnaryOperator<NDArray> variables, UnaryOperator<NDArray> gradients);

  /** Forgets what was learnt. */
  @Override
  void close();
}
