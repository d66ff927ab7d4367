package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import nst.image.RgbImage;
import nst.model.knob.NetworkChoices.Precision;

/**
 * The precision of the network. Maps are in channels-last layout, which is faster for convolutions
 * on the CPU and for tensor cores on the GPU. Pixels, Gram matrices and losses are in single
 * precision, or in double precision if the network is.
 *
 * @param precision never {@link Precision#AUTO}
 */
public record Arithmetic(Precision precision, TensorOperations operations) {

  /** An image in the precision of pixels, (1, 3, height, width), owned by libtorch. */
  public NDArray pixels(NDManager manager, RgbImage image) {
    return exact(ImageTensors.of(manager, image));
  }

  /**
   * Converts from single precision to the precision of pixels, Gram matrices and losses; not
   * differentiable. Closes the argument if the result is another tensor.
   */
  public NDArray exact(NDArray single) {
    return switch (precision) {
      case FLOAT64 -> {
        NDArray twice = single.toType(DataType.FLOAT64, true);
        single.close();
        yield twice;
      }
      case FLOAT32, BFLOAT16, FLOAT16, AUTO -> single;
    };
  }

  /** Converts an image or map to the network's precision, channels last; differentiable. */
  public NDArray enter(NDArray input) { // (1, channels, height, width)
    return operations.channelsLast(entered(input));
  }

  /** The same for any other tensor. Returns the argument if nothing changes. */
  public NDArray entered(NDArray x) {
    return switch (precision) {
      case BFLOAT16 -> operations.bfloat16(x);
      case FLOAT16 -> operations.float16(x);
      case FLOAT32, FLOAT64, AUTO -> x;
    };
  }

  /**
   * Converts from the network's precision to that of the losses. Returns the argument if nothing
   * changes.
   */
  public NDArray leave(NDArray x) {
    return switch (precision) {
      case BFLOAT16, FLOAT16 -> operations.float32(x);
      case FLOAT32, FLOAT64, AUTO -> x;
    };
  }
}
