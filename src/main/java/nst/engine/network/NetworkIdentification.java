package nst.engine.network;

import java.util.Optional;
import nst.engine.network.Architecture.Convolution;
import nst.model.NetworkFacts;
import nst.model.NetworkFacts.Basis;
import nst.model.NetworkFacts.Input;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.FeatureScale;

/**
 * Identifies the network in a weights file: the backbone by the names of the tensors, and the
 * {@link NetworkFacts} from the configuration, the metadata or the first filters, in this order.
 */
final class NetworkIdentification {
  /**
   * The metadata key of the input that the first convolution expects: an {@link Input} in lower
   * case.
   */
  static final String INPUT_KEY = "nst.input";

  /** The metadata key of the scale: {@code caffe}, {@code torchvision} or a number. */
  static final String SCALE_KEY = "nst.activation_scale";

  /** The cosine from which first filters count as equal apart from rounding. */
  private static final double SAME = 0.9999;

  /**
   * The relative distance up to which a measured scale counts as a named one: float16 rounds by
   * 5e-4.
   */
  private static final double ROUNDING = 2e-3;

  private NetworkIdentification() {}

  /** The backbone whose tensors a file has; VGG19 if it has none of them. */
  static Backbone backbone(SafetensorsFile file) {
    if (file.has("features.0.0.weight")) {
      return Backbone.MOBILENET_V2;
    }
    return file.has("features.17.weight") ? Backbone.VGG16 : Backbone.VGG19;
  }

  /**
   * The facts of a file.
   *
   * @param name the name of the file, for messages
   * @param first the filters of the first convolution, as in the file
   * @throws IllegalArgumentException if the metadata is invalid or contradicts the filters
   */
  static NetworkFacts facts(
      String name, SafetensorsFile file, FilterValues first, ConfiguredFacts declared) {
    if (declared.complete()) {
      return new NetworkFacts(
          declared.input().get(), declared.activationScale().get(), Basis.CONFIGURED);
    }
    Optional<Input> statedInput = file.metadata(INPUT_KEY).map(text -> input(name, text));
    Optional<Double> statedScale = file.metadata(SCALE_KEY).map(text -> scale(name, text));
    Optional<NetworkFacts> recognized = recognized(first);
    if (recognized.isPresent() && statedInput.isPresent()) {
      Input found = recognized.get().input();
      if (found != statedInput.get()) {
        throw new IllegalArgumentException(
            "Invalid weights "
                + name
                + ": its metadata says "
                + INPUT_KEY
                + "="
                + statedInput.get().label()
                + ", but its first filters are VGG16's for "
                + found.label()
                + ". Correct the metadata");
      }
    }
    Known<Input> input =
        Known.first(declared.input(), statedInput, recognized.map(NetworkFacts::input))
            .orElse(new Known<>(Input.RGB_STANDARDIZED, Basis.ASSUMED));
    Known<Double> scale =
        Known.first(
                declared.activationScale(),
                statedScale,
                recognized
                    .filter(facts -> facts.input() == input.value())
                    .map(NetworkFacts::activationScale))
            .orElse(new Known<>(FeatureScale.TORCHVISION.activationScale(), Basis.ASSUMED));
    Basis weakest = input.basis().compareTo(scale.basis()) > 0 ? input.basis() : scale.basis();
    return new NetworkFacts(input.value(), scale.value(), weakest);
  }

  /** A fact and its source. */
  private record Known<T>(T value, Basis basis) {
    static <T> Optional<Known<T>> first(
        Optional<T> declared, Optional<T> stated, Optional<T> recognized) {
      return declared
          .map(value -> new Known<>(value, Basis.CONFIGURED))
          .or(() -> stated.map(value -> new Known<>(value, Basis.METADATA)))
          .or(() -> recognized.map(value -> new Known<>(value, Basis.RECOGNIZED)));
    }
  }

  private static Input input(String name, String text) {
    try {
      return Input.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid weights " + name + ": metadata " + INPUT_KEY + ": " + e.getMessage(), e);
    }
  }

  private static double scale(String name, String text) {
    try {
      return ConfiguredFacts.scale(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid weights " + name + ": metadata " + SCALE_KEY + ": " + e.getMessage(), e);
    }
  }

  /**
   * The facts of a copy of the embedded VGG16 for either input and with any scale. The first
   * filters, read for each input, are compared with the embedded ones. If their direction is the
   * same, the ratio of their lengths is the ratio of the scales.
   */
  private static Optional<NetworkFacts> recognized(FilterValues first) {
    Convolution convolution = Architecture.of(EmbeddedNetwork.BACKBONE).convolutions().get(0);
    if (first.weight().length != length(convolution)) {
      return Optional.empty();
    }
    SafetensorsFile embedded = SafetensorsFile.of(EmbeddedNetwork.NAME, EmbeddedNetwork.bytes());
    float[] known = FilterValues.read(embedded, convolution).weight();
    for (Input input : Input.values()) {
      float[] read = first.standardized(input).weight();
      if (cosine(read, known) > SAME) {
        double ratio = norm(read) / norm(known);
        return Optional.of(
            new NetworkFacts(
                input, named(ratio * FeatureScale.CAFFE.activationScale()), Basis.RECOGNIZED));
      }
    }
    return Optional.empty();
  }

  private static int length(Convolution convolution) {
    int length = 1;
    for (long side : convolution.shape()) {
      length *= Math.toIntExact(side);
    }
    return length;
  }

  /**
   * The named scale that equals the measured one apart from rounding; otherwise the measured one.
   */
  private static double named(double scale) {
    for (double known :
        new double[] {
          FeatureScale.CAFFE.activationScale(), FeatureScale.TORCHVISION.activationScale()
        }) {
      if (Math.abs(scale / known - 1) < ROUNDING) {
        return known;
      }
    }
    return scale;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.max(norm(a) * norm(b), Double.MIN_NORMAL);
  }

  private static double norm(float[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
