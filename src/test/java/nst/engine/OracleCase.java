package nst.engine;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.LossSample;
import nst.model.knob.Layer;

/** A reference file, computed by an independent PyTorch program (oracle/README.md). */
record OracleCase(String name, JsonObject json) {
  /** The photo for the trained network's maps. */
  static final String PHOTO = "photo-96x64.png";

  private static final Set<String> CHECK_VALUES = Set.of("weights.json", "features.json");

  /**
   * The tolerance relative to the largest value: a content term at the content image is only
   * rounding error.
   */
  private static final double ALMOST_NOTHING = 1e-4;

  static List<OracleCase> all() {
    List<OracleCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(OracleFiles.folder())) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json") && !CHECK_VALUES.contains(name)) {
          cases.add(new OracleCase(name.replace(".json", ""), OracleFiles.json(name)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  /** Returns the cases with steps. */
  static List<OracleCase> trajectories() {
    return all().stream().filter(reference -> !reference.isStartOnly()).toList();
  }

  /**
   * Returns the cases without steps, which have losses and the gradient at the start: presets on
   * the trained network.
   */
  static List<OracleCase> starts() {
    return all().stream().filter(OracleCase::isStartOnly).toList();
  }

  private boolean isStartOnly() {
    return !json.has("image");
  }

  /** Returns the check values of the weights. */
  static JsonObject weights() {
    return OracleFiles.json("weights.json");
  }

  /** Returns the trained network's maps of {@link #PHOTO} by layer. */
  static JsonObject features() {
    return OracleFiles.json("features.json");
  }

  String text(String key) {
    return json.get(key).getAsString();
  }

  /** Returns whether the network is the embedded one. */
  boolean isTrained() {
    return text("network").equals("embedded");
  }

  long weightsSeed() {
    return json.get("weights_seed").getAsLong();
  }

  Hyperparameters hyperparameters() {
    return OracleFiles.hyperparameters(json);
  }

  SourceImages images() {
    List<StyleImage> styles = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("styles")) {
      JsonObject style = element.getAsJsonObject();
      styles.add(
          new StyleImage(
              OracleFiles.image(style.get("image").getAsString()),
              style.get("weight").getAsDouble(),
              optional(style.get("mask").getAsString()),
              optional(style.get("style_mask").getAsString()),
              style.get("image").getAsString() + style.get("style_mask").getAsString()));
    }
    return new SourceImages(
        OracleFiles.image(text("content")), styles, optional(hyperparameters().initImage()));
  }

  private static Optional<RgbImage> optional(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(OracleFiles.image(name));
  }

  /** Returns one entry for each iterate, beginning with the start. */
  List<JsonObject> iterations() {
    List<JsonObject> iterations = new ArrayList<>();
    json.getAsJsonArray("iterations").forEach(entry -> iterations.add(entry.getAsJsonObject()));
    return iterations;
  }

  /** Returns the error of PyTorch's float32 at an iterate: that of its worst loss term. */
  double float32Deviation(int iterate) {
    return json.getAsJsonArray("float32_deviation").get(iterate).getAsDouble();
  }

  double largestFloat32Deviation() {
    double largest = 0;
    for (JsonElement deviation : json.getAsJsonArray("float32_deviation")) {
      largest = Math.max(largest, deviation.getAsDouble());
    }
    return largest;
  }

  /**
   * Returns the gradient at the start with respect to the optimised variable, (3, height, width).
   */
  FloatBuffer gradient() {
    return OracleFiles.singles(json.get("gradient"));
  }

  /** Returns the saved image: a level of 0 to 255 for each value, (3, height, width). */
  int[] levels() {
    byte[] bytes = Base64.getDecoder().decode(text("image"));
    int[] levels = new int[bytes.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return levels;
  }

  /** Returns all numbers of an iterate by name, including those of the style layers. */
  static Map<String, Double> numbers(JsonObject entry) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String key :
        List.of("content", "style", "tv", "total", "gradient_norm", "learning_rate")) {
      numbers.put(key, entry.get(key).getAsDouble());
    }
    entry
        .getAsJsonObject("style_by_layer")
        .entrySet()
        .forEach(layer -> numbers.put(layer.getKey(), layer.getValue().getAsDouble()));
    return numbers;
  }

  static Map<String, Double> numbers(LossSample sample) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("content", sample.contentLoss());
    numbers.put("style", sample.styleLoss());
    numbers.put("tv", sample.tvLoss());
    numbers.put("total", sample.totalLoss());
    numbers.put("gradient_norm", sample.gradientNorm());
    numbers.put("learning_rate", sample.learningRate());
    for (Map.Entry<Layer, Double> layer : sample.styleLossByLayer().entrySet()) {
      numbers.put(layer.getKey().label(), layer.getValue());
    }
    return numbers;
  }

  /** The relative tolerance of a number; without a number it is not compared. */
  interface Tolerance {
    Optional<Double> of(int iterate, String number);
  }

  /** Returns all numbers of these iterates that differ from the reference by more than allowed. */
  List<String> faults(List<LossSample> losses, Tolerance tolerance) {
    return faults(losses, iterations(), tolerance);
  }

  /** Does the same for the first iterate only. */
  List<String> startFaults(LossSample first, Tolerance tolerance) {
    return faults(List.of(first), iterations().subList(0, 1), tolerance);
  }

  /** The same of one iterate, while the others are not computed yet. */
  List<String> faults(int iterate, LossSample sample, Tolerance tolerance) {
    List<JsonObject> expected = iterations();
    return iterate < expected.size()
        ? faults(iterate, sample, expected.get(iterate), peaks(expected), tolerance)
        : List.of("expected " + expected.size() + " iterates, were more");
  }

  private static List<String> faults(
      List<LossSample> losses, List<JsonObject> expected, Tolerance tolerance) {
    if (losses.size() != expected.size()) {
      return List.of("expected " + expected.size() + " iterates, were " + losses.size());
    }
    Map<String, Double> peaks = peaks(expected);
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < losses.size(); i++) {
      faults.addAll(faults(i, losses.get(i), expected.get(i), peaks, tolerance));
    }
    return faults;
  }

  /** The largest magnitude of each number. */
  private static Map<String, Double> peaks(List<JsonObject> expected) {
    Map<String, Double> peaks = new LinkedHashMap<>();
    expected.forEach(
        entry ->
            numbers(entry).forEach((key, value) -> peaks.merge(key, Math.abs(value), Math::max)));
    return peaks;
  }

  private static List<String> faults(
      int iterate,
      LossSample sample,
      JsonObject expected,
      Map<String, Double> peaks,
      Tolerance tolerance) {
    List<String> faults = new ArrayList<>();
    String ours = sample.scale() + " px, iteration " + sample.iteration();
    String theirs =
        expected.get("scale").getAsInt() + " px, iteration " + expected.get("iteration").getAsInt();
    if (!ours.equals(theirs)) {
      faults.add("iterate " + iterate + ": expected " + theirs + ", was " + ours);
    }
    Map<String, Double> was = numbers(sample);
    for (Map.Entry<String, Double> entry : numbers(expected).entrySet()) {
      Optional<Double> allowed = tolerance.of(iterate, entry.getKey());
      double value = entry.getValue();
      double size = Math.max(Math.abs(value), ALMOST_NOTHING * peaks.get(entry.getKey()));
      double gap = Math.abs(was.get(entry.getKey()) - value);
      if (allowed.isPresent() && !(gap <= allowed.get() * size)) {
        faults.add(
            String.format(
                Locale.ROOT,
                "iterate %d: expected %s %g, was %g (%.1e)",
                iterate,
                entry.getKey(),
                value,
                was.get(entry.getKey()),
                gap / size));
      }
    }
    return faults;
  }

  @Override
  public String toString() {
    return name;
  }
}
