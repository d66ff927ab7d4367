package nst.model;

import java.io.Serializable;
import java.util.Locale;

/**
 * What a network's filters were made for. These are facts of a weights file, not choices of a
 * recipe: the engine converts what a recipe states to what the file needs.
 *
 * @param input what the first convolution expects
 * @param activationScale how large its feature maps are, as a multiple of those of the same network
 *     at torchvision's scale: {@link #TORCHVISION_SCALE}, {@link #CAFFE_SCALE} or any positive
 *     number. ReLU networks are homogeneous: the first filters and all biases times s give maps
 *     times s
 * @param basis how this is known
 */
public record NetworkFacts(Input input, double activationScale, Basis basis)
    implements Serializable {

  /** Maps of a network that is fed values with a deviation of about 1. */
  public static final double TORCHVISION_SCALE = 1;

  /**
   * Maps of a network that is fed 0..255: larger by the ratio of the inputs' deviations, 255 times
   * ImageNet's mean deviation of 0.226.
   */
  public static final double CAFFE_SCALE = 255 * 0.226;

  /** What a first convolution expects. */
  public enum Input {
    /** RGB in [0, 1], minus ImageNet's means, over its deviations (torchvision). */
    RGB_STANDARDIZED,
    /** BGR in [0, 255], minus the means of Caffe's models (VGG's authors, Keras). */
    BGR_MINUS_MEANS;

    /**
     * Reads a {@link #label}, in any case.
     *
     * @throws IllegalArgumentException with the message {@code expected ..., was ...}
     */
    public static Input parse(String text) {
      for (Input input : values()) {
        if (input.name().equalsIgnoreCase(text.strip())) {
          return input;
        }
      }
      throw new IllegalArgumentException(
          "expected rgb_standardized or bgr_minus_means, was " + text);
    }

    /** The word for it in configuration and metadata. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How facts are known. */
  public enum Basis {
    /** The configuration says so. */
    CONFIGURED,
    /** The file's own metadata says so. */
    METADATA,
    /** The first filters are those of a network that this program knows. */
    RECOGNIZED,
    /** Nothing says so: torchvision's conventions, because the tensors have torchvision's names. */
    ASSUMED
  }

  /** What to do about {@link Basis#ASSUMED}. */
  public static final String ASSUMED_ADVICE =
      "torchvision's conventions are assumed, because the file does not say what it expects; set"
          + " weights.input and weights.activation_scale";

  public NetworkFacts {
    if (!(activationScale > 0) || Double.isInfinite(activationScale)) {
      throw new IllegalArgumentException(
          "expected a positive activation scale, was " + activationScale);
    }
  }

  /** What shapes a picture, as text: part of every key. */
  public String canonicalText() {
    return input.label() + " " + activationScale;
  }
}
