package nst.engine;

import ai.djl.ndarray.NDArray;
import nst.model.Hyperparameters.InputSpace;

/**
 * From pixels in [0, 1] to what the network was trained on: channel by channel, scale * pixel +
 * offset. Channels stay in the order red, green, blue in every space; where a network wants blue
 * first, its first filters are turned round instead.
 */
final class InputStandard {

  private static final double[] IMAGENET_MEAN = {0.485, 0.456, 0.406};
  private static final double[] IMAGENET_DEVIATION = {0.229, 0.224, 0.225};
  private static final double[] CAFFE_MEAN = {123.68, 116.779, 103.939};

  private final double[] scale; // for each channel
  private final double[] offset;

  private InputStandard(double[] scale, double[] offset) {
    this.scale = scale;
    this.offset = offset;
  }

  static InputStandard of(InputSpace space) {
    double[] scale = new double[3];
    double[] offset = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      switch (space) {
        case RGB_IMAGENET -> {
          scale[channel] = 1 / IMAGENET_DEVIATION[channel];
          offset[channel] = -IMAGENET_MEAN[channel] / IMAGENET_DEVIATION[channel];
        }
        case BGR_CAFFE -> {
          scale[channel] = 255;
          offset[channel] = -CAFFE_MEAN[channel];
        }
      }
    }
    return new InputStandard(scale, offset);
  }

  /** (1, 3, height, width) in [0, 1] to the same shape in the input space; differentiable. */
  NDArray fromPixels(NDArray pixels) {
    return pixels.mul(Scalars.perChannel(pixels, scale)).add(Scalars.perChannel(pixels, offset));
  }

  /** The gradient by pixels, from that by the input which {@link #fromPixels} made of them. */
  NDArray gradientByPixels(NDArray byInput) { // both (1, 3, height, width)
    return byInput.mul(Scalars.perChannel(byInput, scale));
  }

  /** The inverse of {@link #fromPixels}; differentiable. */
  NDArray toPixels(NDArray input) {
    return input.sub(Scalars.perChannel(input, offset)).div(Scalars.perChannel(input, scale));
  }
}
