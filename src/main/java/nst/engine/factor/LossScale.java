package nst.engine.factor;

import ai.djl.ndarray.NDArray;
import nst.engine.torch.Scalars;
import nst.model.knob.NetworkChoices.Precision;

/**
 * The factor of the loss before it is differentiated, because half precision loses gradients below
 * 6e-8 (Micikevicius et al. 2018). It is 1 in every other precision. It is reduced permanently if a
 * gradient overflows.
 */
public final class LossScale {
  private static final double HALF_PRECISION_START = 0x1p16;
  private static final double STEP = 4;

  private double factor;

  private LossScale(double factor) {
    this.factor = factor;
  }

  public static LossScale of(Precision precision) {
    return new LossScale(precision == Precision.FLOAT16 ? HALF_PRECISION_START : 1);
  }

  public double factor() {
    return factor;
  }

  /** Reduces the factor. Returns false if there is no smaller one. */
  public boolean lower() {
    if (factor <= 1) {
      return false;
    }
    factor /= STEP;
    return true;
  }

  /** The gradient of the loss, from that of the loss times the factor. */
  public NDArray removedFrom(NDArray gradient) {
    return factor == 1 ? gradient : Scalars.times(1 / factor, gradient);
  }
}
