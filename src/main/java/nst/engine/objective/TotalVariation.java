package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Optional;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;
import nst.model.knob.LossChoices.TvLoss;

/**
 * The total variation term: the differences between neighbouring values of the image x. With dy and
 * dx, the differences from the next value below and on the right:
 *
 * <pre>
 * tv = (mean |dy| + mean |dx|) / 2      tv_term = d2l
 * tv = sum |dy| + sum |dx|              tv_term = absolute
 * tv = sum dy^2 + sum dx^2              tv_term = squares
 * tv = sum (dy^2 + dx^2)^1.25           tv_term = keras
 * </pre>
 *
 * It needs no map, and autograd computes its gradient.
 *
 * @param reference the divisor of the term
 * @param weight the factor from the unweighted term to the total
 */
record TotalVariation(TvLoss form, double reference, double weight) {
  private static final double KERAS_EXPONENT = 1.25;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  static TotalVariation of(Hyperparameters hyperparameters, double reference) {
    return new TotalVariation(hyperparameters.tvTerm(), reference, hyperparameters.tvWeight());
  }

  /** tv(x), of shape (), before division and weighting; differentiable. */
  NDArray at(NDArray x) { // (1, 3, height, width)
    NDArray down = differences(x, HEIGHT); // (1, 3, height - 1, width)
    NDArray right = differences(x, WIDTH); // (1, 3, height, width - 1)
    return switch (form) {
      case D2L -> down.abs().mean().add(right.abs().mean()).mul(Scalars.of(x, 0.5));
      case ABSOLUTE -> down.abs().sum().add(right.abs().sum());
      case SQUARES -> down.square().sum().add(right.square().sum());
      case KERAS -> {
        // Both differences at every position that has both neighbours.
        long height = x.getShape().get(HEIGHT);
        long width = x.getShape().get(WIDTH);
        NDArray squares =
            slice(down, WIDTH, 0, width - 1)
                .square()
                .add(slice(right, HEIGHT, 0, height - 1).square());
        yield squares.pow(Scalars.of(x, KERAS_EXPONENT)).sum();
      }
    };
  }

  /** The term of the sum that {@link #at} gives. */
  TermValue.Term term() {
    return new TermValue.Term(
        TermValue.Kind.TOTAL_VARIATION, Optional.empty(), 1 / reference, weight);
  }

  /** The scalar for the gradient, of shape (); differentiable. */
  NDArray weighted(NDArray tv, double lossScale) {
    return tv.mul(Scalars.of(tv, gradientFactor() * lossScale));
  }

  /** The factor from the gradient of {@link #at} to that of the total. */
  double gradientFactor() {
    return weight / reference;
  }

  /** The differences of each value from the next along a dimension. */
  private static NDArray differences(NDArray x, int dimension) {
    long length = x.getShape().get(dimension);
    return slice(x, dimension, 1, length).sub(slice(x, dimension, 0, length - 1));
  }

  /**
   * A slice as a single operation. An {@code NDIndex} would need one for each dimension, forward
   * and backward.
   */
  private static NDArray slice(NDArray x, int dimension, long from, long to) {
    return JniUtils.slice((PtNDArray) x, dimension, from, to, 1);
  }
}
