package nst.model.knob;

/** The choices of the knobs that determine how the loss is minimised. */
public final class OptimizerChoices {
  private OptimizerChoices() {}

  /** The start image. */
  public enum Init {
    CONTENT,
    STYLE,
    RANDOM,
    IMAGE,
    RECOLORED,
    NETWORK
  }

  /** The algorithm that changes the pixels. */
  public enum Optimizer {
    ADAM,
    LBFGS
  }

  /** The coordinates of the pixels that are optimised. */
  public enum OptimizeIn {
    PIXELS,
    STANDARDIZED,
    CAFFE
  }

  /** How the step size changes during the optimisation. */
  public enum LearningRateSchedule {
    CONSTANT,
    STEP,
    LINEAR,
    COSINE
  }

  /** How L-BFGS chooses the length of a step. */
  public enum LineSearchMethod {
    NONE,
    ARMIJO,
    STRONG_WOLFE
  }

  /** How pixels are kept between 0 and 1. */
  public enum Bounds {
    NONE,
    PROJECTED,
    SIGMOID
  }

  /** The iterate that is saved. */
  public enum Keep {
    LAST,
    BEST,
    AVERAGE
  }
}
