package nst.engine.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;
import nst.engine.torch.Scalars;

/**
 * Adam (Kingma and Ba 2015, algorithm 1). If the variable is bounded, each step is projected onto
 * the box.
 */
public final class Adam implements Minimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final UnaryOperator<NDArray> projection;
  private int steps; // t
  private Optional<Moments> moments = Optional.empty();

  /** Running means of the gradient and of its square, m and v, each of the variable's shape. */
  private record Moments(NDArray first, NDArray second) {
    void close() {
      first.close();
      second.close();
    }
  }

  /**
   * Creates an optimiser without history.
   *
   * @param projection returns the nearest allowed variable as a new tensor
   */
  public Adam(double beta1, double beta2, double epsilon, UnaryOperator<NDArray> projection) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.projection = projection;
  }

  @Override
  public Optional<Iterate> step(
      Function<NDArray, Evaluation> objective, Iterate from, double learningRate) {
    NDArray next = moved(from.variable(), from.evaluation().gradient(), learningRate);
    return Optional.of(new Iterate(next, objective.apply(next), learningRate));
  }

  private NDArray moved(NDArray x, NDArray gradient, double learningRate) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      steps++;
      NDArray m = Scalars.times(1 - beta1, gradient);
      NDArray v = Scalars.times(1 - beta2, gradient.mul(gradient));
      if (moments.isPresent()) {
        m = m.add(Scalars.times(beta1, moments.get().first()));
        v = v.add(Scalars.times(beta2, moments.get().second()));
        moments.get().close();
      }
      moments = Optional.of(new Moments(m, v));
      NDArray unbiasedM = Scalars.times(1 / (1 - Math.pow(beta1, steps)), m);
      NDArray unbiasedV = Scalars.times(1 / (1 - Math.pow(beta2, steps)), v);
      NDArray deviation = unbiasedV.sqrt().add(Scalars.of(x, epsilon));
      NDArray next = projection.apply(x.sub(Scalars.times(learningRate, unbiasedM).div(deviation)));
      NDScope.unregister(m, v, next);
      return next;
    }
  }

  @Override
  public void rescale(UnaryOperator<NDArray> variables, UnaryOperator<NDArray> gradients) {
    moments =
        moments.map(
            old -> {
              NDArray first = gradients.apply(old.first());
              // Squares must not become negative by resampling, and have the gradient's units //
              // squared.
              NDArray deviation = old.second().sqrt();
              NDArray resampled = gradients.apply(deviation);
              NDArray second = resampled.mul(resampled);
              deviation.close();
              resampled.close();
              old.close();
              return new Moments(first, second);
            });
  }

  @Override
  public void close() {
    moments.ifPresent(Moments::close);
    moments = Optional.empty();
    steps = 0;
  }
}
