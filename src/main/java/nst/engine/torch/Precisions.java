package nst.engine.torch;

import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OptimizerChoices.LineSearchMethod;
import nst.model.knob.OptimizerChoices.Optimizer;

/** Selects the precision of a row. */
public final class Precisions {
  private Precisions() {}

  /**
   * The row's precision. For {@code auto}, it is the fastest that does not reduce quality: bfloat16
   * if the device is fast at it. A strong Wolfe search compares losses more exactly than bfloat16
   * computes them, and stalls. MobileNet stays in float32, because its loss of quality in bfloat16
   * has not been measured. {@code benchmark precision} measures presets.
   *
   * @throws TransferException INVALID_PARAMETER if the device does not support the precision
   */
  public static Precision effective(Hyperparameters hyperparameters, DeviceName device) {
    return switch (hyperparameters.precision()) {
      case AUTO -> automatic(hyperparameters, device);
      case FLOAT32 -> Precision.FLOAT32;
      case FLOAT64 -> Precision.FLOAT64;
      case BFLOAT16 -> Precision.BFLOAT16;
      case FLOAT16 -> {
        if (device.kind() == DeviceName.Kind.CPU) {
          throw new TransferException(
              ErrorCode.INVALID_PARAMETER,
              "Invalid precision: expected auto, float32 or bfloat16 on the CPU, where float16 is"
                  + " 28 to 90 times slower, was float16");
        }
        yield Precision.FLOAT16;
      }
    };
  }

  private static Precision automatic(Hyperparameters hyperparameters, DeviceName device) {
    boolean fast =
        switch (device.kind()) {
          case CPU -> CpuInfo.here().hasFastBfloat16();
          case GPU -> true; // all GPUs since 2020; older ones emulate it in float32
        };
    boolean harmless =
        hyperparameters.backbone() != Backbone.MOBILENET_V2 && !searchesByWolfe(hyperparameters);
    return fast && harmless ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  private static boolean searchesByWolfe(Hyperparameters hyperparameters) {
    return hyperparameters.optimizer() == Optimizer.LBFGS
        && hyperparameters.lineSearch() == LineSearchMethod.STRONG_WOLFE;
  }
}
