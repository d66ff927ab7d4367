package nst.engine;

import ai.djl.ndarray.NDArray;
import nst.model.Hyperparameters.TvTerm;

/**
 * How much neighbouring values differ, summed or averaged over the image.
 *
 * @param form which of the field's definitions
 */
record TotalVariation(TvTerm form) {
  private static final double KERAS_EXPONENT = 1.25;

  /** The term of x, (1, 3, height, width), as a scalar. */
  NDArray of(NDArray x) {
    NDArray down = x.get(":, :, 1:, :").sub(x.get(":, :, :-1, :")); // (1, 3, height - 1, width)
    NDArray right = x.get(":, :, :, 1:").sub(x.get(":, :, :, :-1")); // (1, 3, height, width - 1)
    return switch (form) {
      case D2L -> down.abs().mean().add(right.abs().mean()).mul(Scalars.of(x, 0.5));
      case ABSOLUTE -> down.abs().sum().add(right.abs().sum());
      case SQUARES -> down.square().sum().add(right.square().sum());
      case KERAS -> {
        // Both differences at every position that has both neighbours.
        NDArray squares = down.get(":, :, :, :-1").square().add(right.get(":, :, :-1, :").square());
        yield squares.pow(Scalars.of(x, KERAS_EXPONENT)).sum();
      }
    };
  }
}
