package nst.engine.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import nst.engine.network.ImageTensors;
import nst.engine.network.InputNormalization;
import nst.engine.torch.Scalars;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.knob.OptimizerChoices.Bounds;

/** The optimised variable and its conversion to pixels. All tensors are (1, 3, height, width). */
public sealed interface Parametrization {

  /** The pixels of a variable. They can be saved if they are in [0, 1]; differentiable. */
  NDArray toPixels(NDArray variable);

  /** The variable of the given pixels, which are in [0, 1]. */
  NDArray fromPixels(NDArray pixels);

  /** The values for the total variation; differentiable. */
  NDArray smoothed(NDArray variable, NDArray pixels);

  /** The nearest variable whose pixels can be saved. */
  NDArray projected(NDArray variable);

  /** The picture of a variable, clamped. */
  default RgbImage picture(NDArray variable) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return ImageTensors.image(clamped(toPixels(variable)));
    }
  }

  static Parametrization of(Hyperparameters hyperparameters) {
    if (hyperparameters.bounds() == Bounds.SIGMOID) {
      return new Sigmoid();
    }
    return switch (hyperparameters.optimizeIn()) {
      case PIXELS -> new Pixels();
      case STANDARDIZED -> new Standardized(InputNormalization.NETWORK);
      case CAFFE -> new Standardized(InputNormalization.CAFFE);
    };
  }

  /** The nearest pixels in [0, 1]. */
  static NDArray clamped(NDArray pixels) {
    try (NDArray zero = Scalars.of(pixels, 0);
        NDArray one = Scalars.of(pixels, 1);
        NDArray low = pixels.maximum(zero)) {
      return low.minimum(one);
    }
  }

  /** The pixels themselves. */
  record Pixels() implements Parametrization {
    @Override
    public NDArray toPixels(NDArray variable) {
      return variable;
    }

    @Override
    public NDArray fromPixels(NDArray pixels) {
      return pixels.duplicate();
    }

    @Override
    public NDArray smoothed(NDArray variable, NDArray pixels) {
      return pixels;
    }

    @Override
    public NDArray projected(NDArray variable) {
      return clamped(variable);
    }
  }

  /** The network's input, which has the units of most published learning rates. */
  record Standardized(InputNormalization standard) implements Parametrization {
    @Override
    public NDArray toPixels(NDArray variable) {
      return standard.toPixels(variable);
    }

    @Override
    public NDArray fromPixels(NDArray pixels) {
      return standard.fromPixels(pixels);
    }

    @Override
    public NDArray smoothed(NDArray variable, NDArray pixels) {
      return variable;
    }

    @Override
    public NDArray projected(NDArray variable) {
      return standard.fromPixels(clamped(standard.toPixels(variable)));
    }
  }

  /**
   * Pixels are sigmoids, x = (sigmoid(z) - e) / (1 - 2 e): no step can leave [0, 1] by more than e.
   * With the margin e, black and white are reached at a finite z.
   */
  record Sigmoid() implements Parametrization {
    static final double MARGIN = 0.02;

    @Override
    public NDArray toPixels(NDArray variable) {
      return JniUtils.sigmoid((PtNDArray) variable)
          .sub(Scalars.of(variable, MARGIN))
          .mul(Scalars.of(variable, 1 / (1 - 2 * MARGIN)));
    }

    /** z = log(s / (1 - s)) with s = x (1 - 2 e) + e. */
    @Override
    public NDArray fromPixels(NDArray pixels) {
      NDArray one = Scalars.of(pixels, 1);
      NDArray share =
          clamped(pixels).mul(Scalars.of(pixels, 1 - 2 * MARGIN)).add(Scalars.of(pixels, MARGIN));
      return share.div(one.sub(share)).log();
    }

    @Override
    public NDArray smoothed(NDArray variable, NDArray pixels) {
      return pixels;
    }

    @Override
    public NDArray projected(NDArray variable) {
      return fromPixels(toPixels(variable));
    }
  }
}
