package nst.engine;

import ai.djl.ndarray.NDArray;
import nst.model.Hyperparameters.Precision;

/**
 * In which precision the network computes. Maps lie channels-last, which convolutions on the CPU
 * and tensor cores on the GPU prefer; pixels, Grams and losses are single precision in every one.
 *
 * @param precision never {@link Precision#AUTO}
 */
record Arithmetic(Precision precision, TensorOperations operations) {

  /** From single precision to the network's; differentiable. */
  NDArray enter(NDArray input) { // (1, channels, height, width)
    NDArray cast =
        switch (precision) {
          case BFLOAT16 -> operations.bfloat16(input);
          case FLOAT16 -> operations.float16(input);
          case FLOAT32, AUTO -> input;
        };
    return operations.channelsLast(cast);
  }

  /** From the network's precision to single precision; differentiable. */
  NDArray leave(NDArray map) {
    return switch (precision) {
      case BFLOAT16, FLOAT16 -> operations.float32(map);
      case FLOAT32, AUTO -> map;
    };
  }

  /** A bias (channels) in the network's precision. */
  NDArray enterBias(NDArray bias) {
    return switch (precision) {
      case BFLOAT16 -> operations.bfloat16(bias);
      case FLOAT16 -> operations.float16(bias);
      case FLOAT32, AUTO -> bias;
    };
  }

  NDArray reluInPlace(NDArray map) {
    return operations.reluInPlace(map);
  }
}
