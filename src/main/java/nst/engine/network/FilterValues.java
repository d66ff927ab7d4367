package nst.engine.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import nst.engine.network.Architecture.Convolution;
import nst.model.NetworkFacts;

/**
 * The filters of a convolution on the heap. A batch normalisation that follows the convolution is
 * folded into them.
 *
 * @param weight (outChannels, inChannels / groups, kernel, kernel)
 * @param bias (outChannels)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FilterValues(float[] weight, float[] bias) {
  /** Added to the variance, as in torchvision and in the paper on batch normalisation. */
  private static final double BATCH_NORM_EPSILON = 1e-5;

  private static final int COLOURS = 3;

  /** Reads the filters of a convolution with those of its batch normalisation. */
  static FilterValues read(SafetensorsFile tensors, Convolution convolution) {
    try {
      float[] weight = tensors.tensor(convolution.weight()).values();
      if (convolution.batchNorm().isEmpty()) {
        return new FilterValues(weight, tensors.tensor(convolution.bias()).values());
      }
      String norm = convolution.batchNorm();
      return folded(
          weight,
          tensors.tensor(norm + ".weight").values(),
          tensors.tensor(norm + ".bias").values(),
          tensors.tensor(norm + ".running_mean").values(),
          tensors.tensor(norm + ".running_var").values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** gamma (W x - mean) / sqrt(variance + epsilon) + beta, as one convolution with a bias. */
  private static FilterValues folded(
      float[] weight, float[] gamma, float[] beta, float[] mean, float[] variance) {
    int channels = gamma.length;
    int perChannel = weight.length / channels;
    float[] bias = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double factor = gamma[channel] / Math.sqrt(variance[channel] + BATCH_NORM_EPSILON);
      bias[channel] = (float) (beta[channel] - mean[channel] * factor);
      for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
        weight[i] = (float) (weight[i] * factor);
      }
    }
    return new FilterValues(weight, bias);
  }

  /**
   * Converts the first filters of a network to filters for standardised RGB that give the same
   * maps. With r = deviation * 255 and the difference of the means, W (255 x - m) = (W r) x' + W
   * (255 mean - m).
   *
   * @param input the input that these filters expect
   */
  FilterValues standardized(NetworkFacts.Input input) {
    return switch (input) {
      case RGB_STANDARDIZED -> this;
      case BGR_MINUS_MEANS -> fromBgrMinusMeans();
    };
  }

  private FilterValues fromBgrMinusMeans() {
    int outChannels = bias.length;
    int area = weight.length / outChannels / COLOURS;
    float[] rgb = new float[weight.length];
    float[] shifted = new float[outChannels];
    for (int out = 0; out < outChannels; out++) {
      double sum = bias[out];
      for (int colour = 0; colour < COLOURS; colour++) { // red, green, blue of the result
        double scale = InputNormalization.LEVELS * InputNormalization.IMAGENET_DEVIATION[colour];
        double shift =
            InputNormalization.LEVELS * InputNormalization.IMAGENET_MEAN[colour]
                - InputNormalization.CAFFE_MEAN[colour];
        int to = (out * COLOURS + colour) * area;
        int from = (out * COLOURS + COLOURS - 1 - colour) * area;
        for (int i = 0; i < area; i++) {
          rgb[to + i] = (float) (weight[from + i] * scale);
          sum += weight[from + i] * shift;
        }
      }
      shifted[out] = (float) sum;
    }
    return new FilterValues(rgb, shifted);
  }
}
