package nst.engine.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import nst.image.RgbImage;
import nst.model.knob.NetworkChoices.Precision;

/**
 * In which precision the network computes. Maps lie channels-last, which convolutions on the CPU
 * and tensor cores on the GPU prefer; pixels, Grams and losses are single precision, or double
 * where the network is.
 *
 * @param precision never {@link Precision#AUTO}
 */
public record Arithmetic(Precision precision, TensorOperations operations) {

  /** An image as pixels are computed with, (1, 3, height, width), owned by libtorch. */
  public NDArray pixels(NDManager manager, RgbImage image) {
    return exact(ImageTensors.of(manager, image));
  }

  /**
   * From single precision to that of pixels, Grams and losses; not differentiable. Closes what it
   * was given where the result is another tensor.
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

  /** An image or map from the pixels' precision to the network's, channels last; differentiable. */
  public NDArray enter(NDArray input) { // (1, channels, height, width)
    return operations.channelsLast(entered(input));
  }

  /** The same for any other tensor; itself where nothing changes. */
  public NDArray entered(NDArray x) {
    return switch (precision) {
      case BFLOAT16 -> operations.bfloat16(x);
      case FLOAT16 -> operations.float16(x);
      case FLOAT32, FLOAT64, AUTO -> x;
    };
  }

  /** From the network's precision to the losses'; itself where nothing changes. */
  public NDArray leave(NDArray x) {
    return switch (precision) {
      case BFLOAT16, FLOAT16 -> operations.float32(x);
      case FLOAT32, FLOAT64, AUTO -> x;
    };
  }
}
