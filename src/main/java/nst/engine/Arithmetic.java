package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import nst.image.RgbImage;
import nst.model.Hyperparameters.Precision;

/**
 * In which precision the network computes. Maps lie channels-last, which convolutions on the CPU
 * and tensor cores on the GPU prefer; pixels, Grams and losses are single precision, or double
 * where the network is.
 *
 * @param precision never {@link Precision#AUTO}
 */
record Arithmetic(Precision precision, TensorOperations operations) {

  /** An image as pixels are computed with, (1, 3, height, width), owned by libtorch. */
  NDArray pixels(NDManager manager, RgbImage image) {
    return exact(Pixels.of(manager, image));
  }

  /**
   * From single precision to that of pixels, Grams and losses; not differentiable. Closes what it
   * was given where the result is another tensor.
   */
  NDArray exact(NDArray single) {
    return switch (precision) {
      case FLOAT64 -> {
        NDArray twice = single.toType(DataType.FLOAT64, true);
        single.close();
        yield twice;
      }
      case FLOAT32, BFLOAT16, FLOAT16, AUTO -> single;
    };
  }

  /** From the pixels' precision to the network's; differentiable. */
  NDArray enter(NDArray input) { // (1, channels, height, width)
    NDArray cast =
        switch (precision) {
          case BFLOAT16 -> operations.bfloat16(input);
          case FLOAT16 -> operations.float16(input);
          case FLOAT32, FLOAT64, AUTO -> input;
        };
    return operations.channelsLast(cast);
  }

  /** From the network's precision to the losses'; differentiable. */
  NDArray leave(NDArray map) {
    return switch (precision) {
      case BFLOAT16, FLOAT16 -> operations.float32(map);
      case FLOAT32, FLOAT64, AUTO -> map;
    };
  }

  /** A bias (channels) in the network's precision. */
  NDArray enterBias(NDArray bias) {
    return switch (precision) {
      case BFLOAT16 -> operations.bfloat16(bias);
      case FLOAT16 -> operations.float16(bias);
      case FLOAT32, FLOAT64, AUTO -> bias;
    };
  }

  /**
   * A map's Gram matrix in single precision.
   *
   * <p>In bfloat16 its value comes from a single-precision copy that is closed at once, and its
   * gradient from the map itself: the copy would otherwise live until the gradient is taken, for a
   * third of all memory. Rounding the small distance G - A to eight bits turns no gradient;
   * rounding G would.
   *
   * @param map F, (1, N, height, width)
   * @param shares how much each position counts, (M, 1)
   * @return G, (N, N)
   */
  NDArray gram(GramMatrix gramMatrix, NDArray map, Optional<NDArray> shares) {
    if (precision != Precision.BFLOAT16 || shares.isPresent()) {
      return gramMatrix.of(leave(map), shares);
    }
    NDArray value;
    try (NDArray cut = map.stopGradient();
        NDArray copy = leave(cut)) {
      value = gramMatrix.of(copy, shares);
    }
    NDArray through = leave(gramMatrix.of(map, shares));
    return value.add(through.sub(through.stopGradient()));
  }

  NDArray replicatedBorder(NDArray map) {
    return operations.replicatedBorder(map);
  }

  NDArray reluInPlace(NDArray map) {
    return operations.reluInPlace(map);
  }
}
