package nst.engine.network;

import java.util.Optional;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.FeatureScale;

/** The facts that a user configures for a weights file. They override the file's metadata. */
public record ConfiguredFacts(
    Optional<NetworkFacts.Input> input, Optional<Double> activationScale) {

  /** No configured facts. */
  static final ConfiguredFacts NONE = new ConfiguredFacts(Optional.empty(), Optional.empty());

  /** The value for a fact that the file determines. */
  private static final String AUTO = "auto";

  /**
   * Parses both facts.
   *
   * @param input {@code auto}, {@code rgb_standardized} or {@code bgr_minus_means}
   * @param activationScale {@code auto}, {@code caffe}, {@code torchvision} or a positive number
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static ConfiguredFacts parse(String input, String activationScale) {
    return new ConfiguredFacts(
        input.equals(AUTO) ? Optional.empty() : Optional.of(NetworkFacts.Input.parse(input)),
        activationScale.equals(AUTO) ? Optional.empty() : Optional.of(scale(activationScale)));
  }

  /** Whether both facts are configured. */
  boolean complete() {
    return input.isPresent() && activationScale.isPresent();
  }

  /** Parses a scale, given by name or as a number. */
  static double scale(String text) {
    for (FeatureScale named : FeatureScale.values()) {
      if (named.name().equalsIgnoreCase(text.strip())) {
        return named.activationScale();
      }
    }
    try {
      double scale = Double.parseDouble(text.strip());
      if (scale > 0 && !Double.isInfinite(scale)) {
        return scale;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(refused(text), e);
    }
    throw new IllegalArgumentException(refused(text));
  }

  private static String refused(String text) {
    return "expected auto, caffe, torchvision or a positive number, was " + text;
  }
}
