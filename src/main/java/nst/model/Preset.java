package nst.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of values for all {@link Knob}s. Each preset is written as its differences from
 * {@code presets/neutral.properties}, which is not a published recipe: plain Gatys with all extras
 * off. The differences are in {@code presets/<label>.properties}. A line that begins with # gives
 * the source of the values below it.
 */
public enum Preset {
  BALANCED("ours; chosen by measurement and by eye, see docs/algorithm.md"),
  GATYS(
      "Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016; weights of neural-style"),
  GATYS_AS_PRINTED(
      "Gatys, Ecker, Bethge, CVPR 2016, equations 1 to 7 and section 3, as printed, with"
          + " two exceptions: their filters were rescaled to a mean activation of 1, and the"
          + " paper does not specify the line search"),
  KERAS(
      "the Keras program with the weights of TensorFlow's tutorial; the Gram matrix is"
          + " divided by the positions, as these weights assume, the picture is clamped after"
          + " each step, and the best image is scored as it is kept"),
  KERAS_AS_PRINTED(
      "the Keras program with the weights of TensorFlow's tutorial, as printed: raw Gram"
          + " matrix, no clamp between steps; but the best image is scored by its own loss, not"
          + " by that of the step before"),
  D2L(
      "Dive into Deep Learning, 14.12; there is no d2l-as-printed, because its network is"
          + " built from 28 copies of itself and cannot run"),
  PYTORCH(
      "the common PyTorch script: raw Gram matrix, style term divided by N M; styles"
          + " smaller than the photo are enlarged to cover it, and the picture is clamped when it"
          + " is saved"),
  PYTORCH_AS_PRINTED(
      "the common PyTorch script as printed: the style is cut at its own size, with black"
          + " where it is smaller than the photo; but the picture is clamped when it is saved,"
          + " while the script wraps 1.05 to 11 of 255"),
  SCHEDULED("dynamic style weights, a decreasing learning rate and early stopping"),
  SCHEDULED_AS_PRINTED(
      "dynamic style weights as printed: VGG16's layer numbers are used in VGG19, so they"
          + " select other layers and end before conv5_1; but the layers are read inside the"
          + " whole network, while the program chains them directly");

  private static final String SOURCE = "# ";

  private final String source;
  private final String differences;
  private final Hyperparameters hyperparameters;

  Preset(String source) {
    this.source = source;
    this.differences = recipe(label());
    EnumMap<Knob, Object> values = parse(neutral());
    values.putAll(parse(differences));
    this.hyperparameters = Hyperparameters.of(values);
  }

  private static String neutral() {
    return recipe("neutral");
  }

  private static String recipe(String label) {
    String file = "presets/" + label + ".properties";
    try (InputStream stream = Preset.class.getResourceAsStream(file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " from the jar", e);
    }
  }

  /** The name in manifests and flags: {@code keras-as-printed}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where the recipe is published, and how this implementation differs. */
  public String source() {
    return source;
  }

  public Hyperparameters hyperparameters() {
    return hyperparameters;
  }

  public static Optional<Preset> named(String label) {
    return Arrays.stream(values())
        .filter(preset -> preset.label().equalsIgnoreCase(label.strip()))
        .findFirst();
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(Preset::label).toList();
  }

  private static EnumMap<Knob, Object> parse(String recipe) {
    EnumMap<Knob, Object> values = new EnumMap<>(Knob.class);
    recipe
        .lines()
        .filter(line -> !line.startsWith(SOURCE))
        .map(line -> line.split("=", 2))
        .forEach(
            pair -> {
              Knob knob = Knob.named(pair[0]).orElseThrow();
              values.put(knob, knob.domain().parse(pair[1]));
            });
    return values;
  }

  private static EnumMap<Knob, String> sources(String recipe) {
    EnumMap<Knob, String> sources = new EnumMap<>(Knob.class);
    String source = "";
    for (String line : recipe.lines().toList()) {
      if (line.startsWith(SOURCE)) {
        source = line.substring(SOURCE.length());
      } else {
        sources.put(Knob.named(line.split("=", 2)[0]).orElseThrow(), source);
      }
    }
    return sources;
  }

  /** The source of each value. */
  public Map<Knob, String> sources() {
    EnumMap<Knob, String> sources = sources(neutral());
    sources.putAll(sources(differences));
    return sources;
  }

  /** The values that this preset sets itself; all others come from the neutral recipe. */
  public Map<Knob, Object> stated() {
    return parse(differences);
  }
}
