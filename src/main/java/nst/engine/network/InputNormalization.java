package nst.engine.network;

import ai.djl.ndarray.NDArray;
import nst.engine.torch.Scalars;

/**
 * An affine map of RGB pixels in [0, 1]: scale * pixel + offset for each channel. The order of the
 * channels stays red, green, blue.
 */
public final class InputNormalization {
  static final double[] IMAGENET_MEAN = {0.485, 0.456, 0.406};
  static final double[] IMAGENET_DEVIATION = {0.229, 0.224, 0.225};

  /** The means of red, green and blue in 0..255. */
  static final double[] CAFFE_MEAN = {123.68, 116.779, 103.939};

  static final double LEVELS = 255;

  /**
   * The input of every network in this program: pixels minus ImageNet's mean, divided by its
   * deviation. If a file expects another input, its filters are converted when they are read; see
   * {@link NetworkWeights}.
   */
  public static final InputNormalization NETWORK =
      new InputNormalization(
          new double[] {
            1 / IMAGENET_DEVIATION[0], 1 / IMAGENET_DEVIATION[1], 1 / IMAGENET_DEVIATION[2]
          },
          new double[] {
            -IMAGENET_MEAN[0] / IMAGENET_DEVIATION[0],
            -IMAGENET_MEAN[1] / IMAGENET_DEVIATION[1],
            -IMAGENET_MEAN[2] / IMAGENET_DEVIATION[2]
          });

  /** Grey levels of 0..255 minus Caffe's means. */
  public static final InputNormalization CAFFE =
      new InputNormalization(
          new double[] {LEVELS, LEVELS, LEVELS},
          new double[] {-CAFFE_MEAN[0], -CAFFE_MEAN[1], -CAFFE_MEAN[2]});

  private final double[] scale; // for each channel
  private final double[] offset;

  private InputNormalization(double[] scale, double[] offset) {
    this.scale = scale;
    this.offset = offset;
  }

  /** Maps pixels (1, 3, height, width) in [0, 1]; differentiable. */
  public NDArray fromPixels(NDArray pixels) {
    return pixels.mul(scale(pixels)).add(offset(pixels));
  }

  /**
   * Converts a gradient with respect to the result of {@link #fromPixels} to one with respect to
   * the pixels.
   */
  public NDArray gradientByPixels(NDArray byInput) { // both (1, 3, height, width)
    return byInput.mul(scale(byInput));
  }

  /** The scale of each channel, (1, 3, 1, 1), with a type that can be combined with x. */
  public NDArray scale(NDArray x) {
    return Scalars.perChannel(x, scale);
  }

  /** The offset of each channel, likewise. */
  public NDArray offset(NDArray x) {
    return Scalars.perChannel(x, offset);
  }

  /** The inverse of {@link #fromPixels}; differentiable. */
  public NDArray toPixels(NDArray input) {
    return input.sub(offset(input)).div(scale(input));
  }
}
