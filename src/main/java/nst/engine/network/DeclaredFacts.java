package nst.engine.network;

import java.util.Optional;
import nst.model.NetworkFacts;
import nst.model.knob.NetworkChoices.FeatureScale;

/** What a user says of a weights file, over what the file says of itself. */
public record DeclaredFacts(Optional<NetworkFacts.Input> input, Optional<Double> activationScale) {

  /** Leaves everything to the file. */
  static final DeclaredFacts NONE = new DeclaredFacts(Optional.empty(), Optional.empty());

  /** The word that leaves a fact to the file. */
  private static final String AUTO = "auto";

  /**
   * Reads both facts.
   *
   * @param input {@code auto}, {@code rgb_standardized} or {@code bgr_minus_means}
   * @param activationScale {@code auto}, {@code caffe}, {@code torchvision} or a positive number
   * @throws IllegalArgumentException with the message {@code expected ..., was ...}
   */
  public static DeclaredFacts parse(String input, String activationScale) {
    return new DeclaredFacts(
        input.equals(AUTO) ? Optional.empty() : Optional.of(NetworkFacts.Input.parse(input)),
        activationScale.equals(AUTO) ? Optional.empty() : Optional.of(scale(activationScale)));
  }

  /** Whether nothing is left to the file. */
  boolean complete() {
    return input.isPresent() && activationScale.isPresent();
  }

  /** A scale by name or by number. */
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
