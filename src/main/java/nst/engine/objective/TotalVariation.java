package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters.TvTerm;

/**
 * How much neighbouring values differ, summed or averaged over the image.
 *
 * @param form which of the field's definitions
 */
record TotalVariation(TvTerm form) {
  private static final double KERAS_EXPONENT = 1.25;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  /** The term of x, (1, 3, height, width), as a scalar. */
  NDArray of(NDArray x) {
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

  /** Each value from the next along a dimension. */
  private static NDArray differences(NDArray x, int dimension) {
    long length = x.getShape().get(dimension);
    return slice(x, dimension, 1, length).sub(slice(x, dimension, 0, length - 1));
  }

  /** One operation; an {@code NDIndex} would be one for every dimension, and as many back. */
  private static NDArray slice(NDArray x, int dimension, long from, long to) {
    return JniUtils.slice((PtNDArray) x, dimension, from, to, 1);
  }
}
