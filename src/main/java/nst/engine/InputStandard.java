package nst.engine;

import ai.djl.ndarray.NDArray;
import nst.model.Hyperparameters.InputSpace;

/**
 * From pixels in [0, 1] to what the network was trained on: channel by channel, scale * pixel +
 * offset. Channels stay in the order red, green, blue in every space; where a network wants blue
 * first, its first filters are turned round instead.
 */
final class InputStandard {

  private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] IMAGENET_DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final float[] CAFFE_MEAN = {123.68f, 116.779f, 103.939f};

  private final float[] scale; // for each channel
  private final float[] offset;

  private InputStandard(float[] scale, float[] offset) {
    this.scale = scale;
    this.offset = offset;
  }

  static InputStandard of(InputSpace space) {
    float[] scale = new float[3];
    float[] offset = new float[3];
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
    return pixels
        .mul(Scalars.perChannel(pixels.getManager(), scale))
        .add(Scalars.perChannel(pixels.getManager(), offset));
  }

  /** The inverse of {@link #fromPixels}; differentiable. */
  NDArray toPixels(NDArray input) {
    return input
        .sub(Scalars.perChannel(input.getManager(), offset))
        .div(Scalars.perChannel(input.getManager(), scale));
  }
}
