package nst.model.knob;

/** The choices of the knobs that determine the feature maps. */
public final class NetworkChoices {
  private NetworkChoices() {}

  /** {@link #AUTO} is the run's first network; planning replaces it with one of the others. */
  public enum Backbone {
    AUTO,
    VGG19,
    VGG16,
    MOBILENET_V2
  }

  /** The arithmetic of the network. */
  public enum Precision {
    AUTO,
    FLOAT32,
    FLOAT64,
    BFLOAT16,
    FLOAT16
  }

  /** How the network reduces its feature maps. */
  public enum Pooling {
    MAX,
    AVERAGE
  }

  /** The values beyond the border of an image. */
  public enum Padding {
    ZEROS,
    REPLICATE
  }

  /**
   * The activation scale to which the loss weights refer: the scale of the feature maps, relative
   * to those of the same network in torchvision.
   */
  public enum FeatureScale {
    /**
     * Networks whose input values are in 0..255. It is the ratio of the inputs' standard
     * deviations: 255 times ImageNet's mean deviation of 0.226.
     */
    CAFFE(255 * 0.226),
    /** Networks whose input values have a standard deviation of about 1. */
    TORCHVISION(1);

    private final double activationScale;

    FeatureScale(double activationScale) {
      this.activationScale = activationScale;
    }

    public double activationScale() {
      return activationScale;
    }
  }
}
