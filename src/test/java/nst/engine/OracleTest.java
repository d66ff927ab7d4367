package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.FilterBank;
import nst.engine.network.FixtureWeights;
import nst.engine.network.ImageTensors;
import nst.engine.network.InputNormalization;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.torch.Scalars;
import nst.image.Rounding;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the engine with an independent PyTorch program in double precision that uses the same
 * equations, weights and images: see {@code oracle/README.md}.
 */
@Tag("slow")
class OracleTest {
  /**
   * The tolerance in double precision: the difference of two correct programs, with a margin for
   * another order of sums.
   */
  private static final double EXACT_START = 1e-6;

  private static final double EXACT = 1e-5;

  /** The tolerance of the saved image, where one level of 256 may be rounded differently. */
  private static final double SAVED_TOLERANCE = 1e-3;

  /** The tolerance in single precision. */
  private static final double START_TOLERANCE = 1e-4;

  private static final double ADAM_TOLERANCE = 1e-3;
  private static final double LBFGS_TOLERANCE = 1e-2;
  private static final double LEAST_COSINE = 0.9999;

  /** The interval of the values of a map in the references. */
  private static final int FEATURE_STRIDE = 997;

  /** The largest error in single precision, relative to the error of PyTorch's float32. */
  private static final double DEVIATIONS_ALLOWED = 3;

  /**
   * PyTorch's float32 has one of many possible orders of additions. With another order, a ReLU or a
   * |difference| may change its sign some iterates earlier, although double precision agrees to the
   * end. After that the single terms differ, while the total hardly changes.
   */
  private static final int SURE_ITERATES = 5;

  private static final double LATE_TOLERANCE = 1e-2;

  private static FixtureEngines engines;

  @BeforeAll
  static void open(@TempDir Path folder) {
    engines = new FixtureEngines(folder);
  }

  @AfterAll
  static void close() {
    engines.close();
  }

  static List<OracleCase> cases() {
    return OracleCase.all();
  }

  static List<OracleCase> trajectories() {
    return OracleCase.trajectories();
  }

  static List<OracleCase> starts() {
    return OracleCase.starts();
  }

  /** Compares the embedded network's maps of a photo at every layer, in single precision. */
  @Test
  void seesWhatPyTorchSeesWithTheTrainedNetwork() {
    try (NDManager manager = TestEngine.device().manager().newSubManager()) {
      TestEngine.device().enter();
      Arithmetic arithmetic = new Arithmetic(Precision.FLOAT32, TensorOperations.load(manager));
      FeatureNetwork network =
          new FilterBank(manager, NetworkWeights.embedded())
              .network(arithmetic, Preset.GATYS.hyperparameters());
      Map<Layer, JsonObject> expected = new EnumMap<>(Layer.class);
      OracleCase.features()
          .entrySet()
          .forEach(
              entry ->
                  expected.put(
                      Layer.named(entry.getKey()).orElseThrow(),
                      entry.getValue().getAsJsonObject()));
      NDArray pixels = ImageTensors.of(manager, OracleFiles.image(OracleCase.PHOTO));
      NDArray input = arithmetic.enter(InputNormalization.NETWORK.fromPixels(pixels));
      network
          .features(input, expected.keySet())
          .forEach((layer, map) -> assertMap(layer, map, expected.get(layer)));
    }
  }

  private static void assertMap(Layer layer, NDArray map, JsonObject expected) {
    double[] ours = Scalars.values(map.reshape(-1));
    double size = expected.get("root_mean_square").getAsDouble();
    JsonArray values = expected.getAsJsonArray("values");
    double squares = 0;
    for (int i = 0; i < values.size(); i++) {
      assertThat(ours[i * FEATURE_STRIDE])
          .as("%s, value %d", layer.label(), i * FEATURE_STRIDE)
          .isCloseTo(values.get(i).getAsDouble(), within(START_TOLERANCE * size));
    }
    for (double value : ours) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares / ours.length))
        .as(layer.label())
        .isCloseTo(size, within(START_TOLERANCE * size));
  }

  /**
   * Compares the losses at the start for every preset on the trained network. The gradient is
   * compared below.
   */
  @ParameterizedTest
  @MethodSource("starts")
  void startsAsTheReferenceDoesOnTheTrainedNetwork(OracleCase reference) {
    Hyperparameters hyperparameters = reference.hyperparameters();
    Preset preset = Preset.named(reference.text("preset")).orElseThrow();
    assertThat(hyperparameters.contentLayers())
        .as("what stands in for layers that VGG16 lacks")
        .isEqualTo(preset.hyperparameters().on(Backbone.VGG16).contentLayers());
    assertThat(hyperparameters.styleLayers())
        .isEqualTo(preset.hyperparameters().on(Backbone.VGG16).styleLayers());
    LossSample first =
        stylized(reference, hyperparameters.with(Knob.PRECISION, Precision.FLOAT32))
            .losses()
            .get(0);

    assertThat(reference.startFaults(first, (iterate, number) -> Optional.of(START_TOLERANCE)))
        .isEmpty();
  }

  @Test
  void computesTheReferencesWeights() {
    for (Map.Entry<String, JsonElement> network : OracleCase.weights().entrySet()) {
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

  /** Compares every number of every iterate, and the image. */
  @ParameterizedTest
  @MethodSource("trajectories")
  void followsTheReferenceInDoublePrecision(OracleCase reference) {
    Hyperparameters hyperparameters =
        reference.hyperparameters().with(Knob.PRECISION, Precision.FLOAT64);
    StylizedImage stylized = stylized(reference, hyperparameters);

    assertThat(
            reference.faults(
                stylized.losses(),
                (iterate, number) -> Optional.of(iterate == 0 ? EXACT_START : EXACT)))
        .isEmpty();
    assertThat(stylized.stopReason().name()).isEqualToIgnoringCase(reference.text("stop_reason"));
    assertSaved(reference, stylized);
  }

  private static double tolerance(Hyperparameters hyperparameters) {
    return switch (hyperparameters.optimizer()) {
      case ADAM -> ADAM_TOLERANCE;
      case LBFGS -> LBFGS_TOLERANCE;
    };
  }

  private static void assertSaved(OracleCase reference, StylizedImage stylized) {
    int[] expected = reference.levels();
    float[] saved = stylized.image().planes();
    assertThat(saved).hasSameSizeAs(expected);
    int others = 0;
    for (int i = 0; i < expected.length; i++) {
      int level = Rounding.toLevel(saved[i]);
      assertThat(level).as("level %d", i).isCloseTo(expected[i], within(1));
      others += level == expected[i] ? 0 : 1;
    }
    assertThat(others).as("levels that are one off").isLessThan(expected.length / 100);
    JsonObject terms = reference.json().getAsJsonObject("saved");
    LossSample ours = stylized.saved();
    assertTerm(ours.contentLoss(), terms.get("content").getAsDouble());
    assertTerm(ours.styleLoss(), terms.get("style").getAsDouble());
    assertTerm(ours.tvLoss(), terms.get("tv").getAsDouble());
    assertTerm(ours.totalLoss(), terms.get("total").getAsDouble());
  }

  private static void assertTerm(double ours, double expected) {
    assertThat(ours).isCloseTo(expected, within(SAVED_TOLERANCE * Math.abs(expected)));
  }

  /**
   * Compares single precision, which rows use. If an optimiser amplifies PyTorch's own rounding
   * error beyond the tolerance, there is no reference: a maximum or a ReLU changed, and both
   * results are correct.
   */
  @ParameterizedTest
  @MethodSource("trajectories")
  void followsTheReferenceInSinglePrecisionAsFarAsPyTorchDoes(OracleCase reference) {
    Hyperparameters hyperparameters =
        reference.hyperparameters().with(Knob.PRECISION, Precision.FLOAT32);
    double tolerance = tolerance(hyperparameters);

    assertThat(
            reference.faults(
                stylized(reference, hyperparameters).losses(),
                (iterate, number) -> {
                  if (iterate == 0) {
                    return Optional.of(START_TOLERANCE);
                  }
                  boolean isLoss =
                      !number.equals("gradient_norm") && !number.equals("learning_rate");
                  boolean followed = strays(reference, iterate) <= tolerance;
                  if (!isLoss || !followed) {
                    return Optional.empty();
                  }
                  if (iterate <= SURE_ITERATES) {
                    return Optional.of(tolerance);
                  }
                  return number.equals("total") ? Optional.of(LATE_TOLERANCE) : Optional.empty();
                }))
        .isEmpty();
  }

  /** Returns the allowed error of float32 up to an iterate. It never decreases. */
  private static double strays(OracleCase reference, int iterate) {
    double most = 0;
    for (int i = 0; i <= iterate; i++) {
      most = Math.max(most, reference.float32Deviation(i));
    }
    return DEVIATIONS_ALLOWED * most;
  }

  private static StylizedImage stylized(OracleCase reference, Hyperparameters hyperparameters) {
    return engines.of(reference).stylize(reference.images(), hyperparameters, sample -> {});
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pointsWhereTheReferencePoints(OracleCase reference) {
    Hyperparameters hyperparameters =
        reference.hyperparameters().with(Knob.PRECISION, Precision.FLOAT32);
    FloatBuffer expected = reference.gradient();
    double[] gradient = engines.of(reference).startGradient(reference.images(), hyperparameters);
    double product = 0;
    double ours = 0;
    double theirs = 0;
    for (int i = 0; i < gradient.length; i++) {
      double other = expected.get(i);
      product += gradient[i] * other;
      ours += gradient[i] * gradient[i];
      theirs += other * other;
    }
    assertThat(product / Math.sqrt(ours * theirs)).isGreaterThan(LEAST_COSINE);
  }
}
