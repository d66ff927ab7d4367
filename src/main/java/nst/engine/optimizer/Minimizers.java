package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import nst.model.Hyperparameters;

/** Makes the optimiser that the hyperparameters name. */
public final class Minimizers {
  private Minimizers() {}

  /**
   * Makes an optimiser.
   *
   * @param projection moves an iterate into its bounds
   */
  public static Minimizer of(Hyperparameters hyperparameters, UnaryOperator<NDArray> projection) {
    return switch (hyperparameters.optimizer()) {
      case ADAM ->
          new Adam(
              hyperparameters.adamBeta1(),
              hyperparameters.adamBeta2(),
              hyperparameters.adamEpsilon(),
              projection);
      case LBFGS ->
          new Lbfgs(
              hyperparameters.lbfgsHistory(),
              LineSearch.of(hyperparameters.lineSearch()),
              hyperparameters.firstMove(),
              projection);
    };
  }
}
