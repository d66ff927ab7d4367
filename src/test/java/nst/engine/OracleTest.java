package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Backbone;
import nst.model.Hyperparameters.InputSpace;
import nst.model.Hyperparameters.OptimizeIn;
import nst.model.Hyperparameters.Pooling;
import nst.model.Knob;
import nst.model.Layer;
import nst.model.LossSample;
import nst.model.Preset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the engine to what an independent PyTorch program computes in double precision from the
 * same equations, weights and images: see {@code oracle/README.md}.
 */
class OracleTest {
  private static final double START_TOLERANCE = 1e-4;
  private static final double ADAM_TOLERANCE = 1e-3;
  private static final double LBFGS_TOLERANCE = 1e-2;
  private static final double DEVIATIONS_ALLOWED = 10;
  private static final double LEAST_COSINE = 0.9999;

  /**
   * Max pooling makes trajectories chaotic: once rounding hands a maximum to another position, two
   * right programs part. Held closely before, and to the same descent after.
   */
  private static final int MAX_POOLING_HORIZON = 2;

  private static final double MAX_POOLING_TOLERANCE = 0.1;

  /**
   * PyTorch searches outside the box and clamps what it finds; we search along the projected path.
   * Both are right, and they part after the first step: ours must end no higher.
   */
  private static final String OTHER_SEARCH = "lbfgs-strong_wolfe-projected";

  /** Of a value's peak: a content term at the content image is nothing but rounding. */
  private static final double ALMOST_NOTHING = 1e-4;

  @TempDir static Path folder;
  private static final Map<Backbone, StyleTransfer> ENGINES = new EnumMap<>(Backbone.class);

  /** One reference file. */
  private record Case(String name, JsonObject json) {
    String text(String key) {
      return json.get(key).getAsString();
    }

    Hyperparameters hyperparameters() {
      Hyperparameters hyperparameters =
          Preset.named(text("preset")).orElseThrow().hyperparameters();
      for (Map.Entry<String, JsonElement> knob : json.getAsJsonObject("knobs").entrySet()) {
        hyperparameters =
            hyperparameters.with(
                Knob.named(knob.getKey()).orElseThrow(), knob.getValue().getAsString());
      }
      // The fixtures' masks are soft already, and the reference takes them as they are.
      return hyperparameters.with(Knob.MASK_FEATHER, 0);
    }

    StyleTransfer.Images images() {
      List<StyleTransfer.StyleImage> styles = new ArrayList<>();
      for (JsonElement element : json.getAsJsonArray("styles")) {
        JsonObject style = element.getAsJsonObject();
        styles.add(
            new StyleTransfer.StyleImage(
                image(style.get("image").getAsString()),
                style.get("weight").getAsDouble(),
                optional(style.get("mask").getAsString()),
                optional(style.get("style_mask").getAsString()),
                style.get("image").getAsString() + style.get("style_mask").getAsString()));
      }
      return new StyleTransfer.Images(
          image(text("content")), styles, optional(hyperparameters().initImage()));
    }

    List<JsonObject> iterations() {
      List<JsonObject> iterations = new ArrayList<>();
      json.getAsJsonArray("iterations").forEach(entry -> iterations.add(entry.getAsJsonObject()));
      return iterations;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(resources())) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".json") && !name.equals("weights.json")) {
          cases.add(new Case(name.replace(".json", ""), read(file)));
        }
      }
    }
    return cases.stream();
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static Path resources() {
    try {
      return Path.of(OracleTest.class.getResource("/oracle/weights.json").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<RgbImage> optional(String name) {
    return name.isEmpty() ? Optional.empty() : Optional.of(image(name));
  }

  private static RgbImage image(String name) {
    try {
      BufferedImage image = ImageIO.read(resources().resolve(name).toFile());
      int area = image.getWidth() * image.getHeight();
      int bands = image.getRaster().getNumBands();
      int[] samples = new int[bands];
      float[] planes = new float[3 * area];
      for (int i = 0; i < area; i++) {
        int row = i / image.getWidth();
        image.getRaster().getPixel(i % image.getWidth(), row, samples);
        for (int channel = 0; channel < 3; channel++) {
          planes[channel * area + i] = samples[bands == 1 ? 0 : channel] / 255f;
        }
      }
      return new RgbImage(image.getWidth(), image.getHeight(), planes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StyleTransfer engine(Backbone backbone, long seed) {
    return ENGINES.computeIfAbsent(
        backbone,
        kind -> {
          try {
            Path file = folder.resolve(kind + ".safetensors");
            FixtureWeights.write(kind, seed, file);
            return StyleTransfer.open(TestEngine.device(), NetworkWeights.load(file, "", kind));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @AfterAll
  static void closeEngines() {
    ENGINES.values().forEach(StyleTransfer::close);
    ENGINES.clear();
  }

  @Test
  void computesTheReferencesWeights() throws IOException {
    for (Map.Entry<String, JsonElement> network :
        read(resources().resolve("weights.json")).entrySet()) {
      Backbone backbone = Backbone.valueOf(network.getKey().toUpperCase(Locale.ROOT));
      Map<String, long[]> shapes = FixtureWeights.shapes(backbone);
      for (Map.Entry<String, JsonElement> tensor :
          network.getValue().getAsJsonObject().entrySet()) {
        JsonObject expected = tensor.getValue().getAsJsonObject();
        float[] values =
            FixtureWeights.values(
                tensor.getKey(), shapes.get(tensor.getKey()), 1, expected.get("index").getAsInt());
        assertThat(values[0]).isEqualTo(expected.getAsJsonArray("first").get(0).getAsFloat());
        assertThat(values[values.length - 1]).isEqualTo(expected.get("last").getAsFloat());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsTheReference(Case reference) {
    Hyperparameters hyperparameters = reference.hyperparameters();
    StyleTransfer engine =
        engine(hyperparameters.backbone(), reference.json().get("weights_seed").getAsLong());
    List<LossSample> losses =
        engine.stylize(reference.images(), hyperparameters, sample -> {}).losses();
    List<JsonObject> expected = reference.iterations();
    assertThat(losses).hasSameSizeAs(expected);

    Map<String, Double> peaks = new LinkedHashMap<>();
    expected.forEach(
        entry ->
            numbers(entry).forEach((key, value) -> peaks.merge(key, Math.abs(value), Math::max)));
    if (reference.name().equals(OTHER_SEARCH)) {
      int last = losses.size() - 1;
      assertThat(losses.get(last).totalLoss())
          .isLessThan(1.01 * expected.get(last).get("total").getAsDouble());
      return;
    }
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < losses.size(); i++) {
      Map<String, Double> ours = numbers(losses.get(i));
      for (Map.Entry<String, Double> entry : numbers(expected.get(i)).entrySet()) {
        double size =
            Math.max(Math.abs(entry.getValue()), ALMOST_NOTHING * peaks.get(entry.getKey()));
        double gap = Math.abs(ours.get(entry.getKey()) - entry.getValue()) / size;
        // The gradient turns on a hair where a ReLU or a |difference| has its kink; the losses do
        // not.
        String key = entry.getKey();
        boolean held = i == 0 || !key.equals("gradient_norm");
        if (hyperparameters.pooling() == Pooling.MAX && i > MAX_POOLING_HORIZON) {
          held = key.equals("total");
        }
        if (held && size > 0 && !(gap <= tolerance(reference, hyperparameters, i))) {
          faults.add(
              String.format(
                  Locale.ROOT,
                  "iteration %d: expected %s %g, was %g (%.1e)",
                  i,
                  entry.getKey(),
                  entry.getValue(),
                  ours.get(entry.getKey()),
                  gap));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  private static double tolerance(Case reference, Hyperparameters hyperparameters, int iteration) {
    if (iteration == 0) {
      return START_TOLERANCE;
    }
    if (hyperparameters.pooling() == Pooling.MAX && iteration > MAX_POOLING_HORIZON) {
      return MAX_POOLING_TOLERANCE;
    }
    // Where PyTorch's own float32 strays from its float64, so may ours.
    double strays =
        DEVIATIONS_ALLOWED
            * reference.json().getAsJsonArray("float32_deviation").get(iteration).getAsDouble();
    return switch (hyperparameters.optimizer()) {
      case ADAM -> Math.max(ADAM_TOLERANCE, strays);
      case LBFGS -> Math.max(LBFGS_TOLERANCE, strays);
    };
  }

  private static Map<String, Double> numbers(JsonObject entry) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String key : List.of("content", "style", "tv", "total", "gradient_norm")) {
      numbers.put(key, entry.get(key).getAsDouble());
    }
    entry
        .getAsJsonObject("style_by_layer")
        .entrySet()
        .forEach(layer -> numbers.put(layer.getKey(), layer.getValue().getAsDouble()));
    return numbers;
  }

  private static Map<String, Double> numbers(LossSample sample) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("content", sample.contentLoss());
    numbers.put("style", sample.styleLoss());
    numbers.put("tv", sample.tvLoss());
    numbers.put("total", sample.totalLoss());
    numbers.put("gradient_norm", sample.gradientNorm());
    for (Map.Entry<Layer, Double> layer : sample.styleLossByLayer().entrySet()) {
      numbers.put(layer.getKey().label(), layer.getValue());
    }
    return numbers;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pointsWhereTheReferencePoints(Case reference) {
    Hyperparameters hyperparameters = reference.hyperparameters();
    StyleTransfer engine =
        engine(hyperparameters.backbone(), reference.json().get("weights_seed").getAsLong());
    FloatBuffer expected =
        ByteBuffer.wrap(Base64.getDecoder().decode(reference.text("gradient")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    double[] gradient = engine.startGradient(reference.images(), hyperparameters);
    boolean blueFirst =
        hyperparameters.optimizeIn() == OptimizeIn.INPUT
            && hyperparameters.inputSpace() == InputSpace.BGR_CAFFE;
    int area = gradient.length / 3;
    double product = 0;
    double ours = 0;
    double theirs = 0;
    for (int i = 0; i < gradient.length; i++) {
      int channel = i / area;
      int place = (blueFirst ? 2 - channel : channel) * area + i % area;
      product += gradient[i] * expected.get(place);
      ours += gradient[i] * gradient[i];
      theirs += (double) expected.get(place) * expected.get(place);
    }
    assertThat(product / Math.sqrt(ours * theirs)).isGreaterThan(LEAST_COSINE);
  }
}
