package nst.model;

import java.io.Serializable;
import java.util.Locale;
import nst.model.knob.NetworkChoices.FeatureScale;

/**
 * The input and activation conventions of a network's weights. They belong to the weights file, not
 * to a preset: the engine converts a preset's values to them.
 *
 * @param input the input that the first convolution expects
 * @param activationScale the scale of its feature maps, relative to those of the same network in
 *     torchvision: that of a {@link FeatureScale} or any positive number. ReLU networks are
 *     homogeneous: if the first filters and all biases are multiplied by s, all maps are multiplied
 *     by s
 * @param basis where these facts come from
 */
public record NetworkFacts(Input input, double activationScale, Basis basis)
    implements Serializable {

  /** The input that the first convolution expects. */
  public enum Input {
    /** RGB in [0, 1], minus ImageNet's means, divided by its standard deviations (torchvision). */
    RGB_STANDARDIZED,
    /** BGR in [0, 255], minus the means of the Caffe models (the VGG authors, Keras). */
    BGR_MINUS_MEANS;

    /**
     * Parses a {@link #label}, ignoring case.
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

    /** The name in the configuration and in metadata. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where the facts come from. */
  public enum Basis {
    /** The configuration. */
    CONFIGURED,
    /** The metadata of the file. */
    METADATA,
    /** The first filters, which match a known network. */
    RECOGNIZED,
    /** No source: torchvision's conventions are assumed, because the tensors have its names. */
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

  /** The facts that affect the result, as text; part of every key. */
  public String canonicalText() {
    return input.label() + " " + activationScale;
  }
}
