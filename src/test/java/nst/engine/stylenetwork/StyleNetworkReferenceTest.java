package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.OracleFiles;
import nst.engine.TestEngine;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.FixtureWeights;
import nst.engine.network.NetworkWeights;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.network.TensorOperations;
import nst.engine.objective.LossTerms;
import nst.engine.objective.SharedTargets;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Layer;
import nst.engine.torch.Scalars;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares style networks and their training with an independent PyTorch program that uses
 * autograd: see {@code oracle/README.md}. The parameters are in single precision in any arithmetic.
 */
class StyleNetworkReferenceTest {
  /** The tolerance in double precision, in which the parameters are still rounded. */
  private static final double EXACT = 1e-6;

  /**
   * The tolerance of a picture after some steps. Each step rounds the parameters to single
   * precision, and where a sum differs in its last digit, a parameter may be rounded differently.
   */
  private static final double AFTER_STEPS = 1e-5;

  /** The tolerances in single precision, which trainings and rows use. */
  private static final double SINGLE = 1e-4;

  private static final double LEAST_COSINE = 0.9999;
  private static final double LENGTH = 1e-2;

  /** A gradient that is smaller than this part of all gradients is rounding. */
  private static final double ROUNDING = 1e-6;

  private static final NetworkWeights BACKBONE = NetworkWeights.embedded();

  /** A reference, its network and its trainer. */
  private static final class Setting implements AutoCloseable {
    final JsonObject reference;
    final NDManager manager = TestEngine.device().manager().newSubManager();
    final StyleNetwork network;
    final Arithmetic arithmetic;
    final StyleNetworkTrainer trainer;
    final List<TrainingSample> samples = new ArrayList<>();

    Setting(Convolution convolution, Precision precision) {
      TestEngine.device().enter();
      String name = convolution.name().toLowerCase(Locale.ROOT);
      reference = OracleFiles.json("training/" + name + ".json");
      for (JsonElement element : reference.getAsJsonArray("samples")) {
        JsonObject sample = element.getAsJsonObject();
        RgbImage photo = OracleFiles.image(sample.get("photo").getAsString());
        int width = sample.get("width").getAsInt();
        int height = sample.get("height").getAsInt();
        samples.add(
            new TrainingSample(topLeft(photo, width, height), sample.get("look").getAsInt()));
      }
      List<TrainingLook> looks = new ArrayList<>();
      for (JsonElement painting : reference.getAsJsonArray("looks")) {
        String file = painting.getAsString();
        RgbImage photo = samples.get(looks.size()).photo();
        looks.add(
            new TrainingLook(
                List.of(
                    new StyleImage(
                        OracleFiles.image(file), 1, Optional.empty(), Optional.empty(), file)),
                Math.max(photo.width(), photo.height())));
      }
      network = network(convolution, looks.size()).on(manager);
      arithmetic = new Arithmetic(precision, TensorOperations.load(manager));
      Hyperparameters objective = OracleFiles.hyperparameters(reference);
      trainer =
          new StyleNetworkTrainer(
              TestEngine.device(),
              1,
              network,
              new FilterBank(manager, BACKBONE).network(arithmetic, objective),
              arithmetic,
              new SharedTargets(1 << 20, 0),
              looks,
              objective);
    }

    private StyleNetworkFile network(Convolution convolution, int looks) {
      StyleNetworkArchitecture architecture =
          new StyleNetworkArchitecture(
              reference.get("width").getAsInt(),
              reference.get("residual_blocks").getAsInt(),
              convolution);
      long seed = reference.get("weights_seed").getAsLong();
      SortedMap<String, Tensor> parameters = new TreeMap<>();
      for (Layer layer : architecture.layers()) {
        layer
            .parameterShapes(looks)
            .forEach(
                (name, shape) -> {
                  float[] values = FixtureWeights.values(name, shape, seed, parameters.size());
                  parameters.put(name, new Tensor(shape, values));
                });
      }
      return new StyleNetworkFile(architecture, looks, "{}", parameters);
    }

    private static RgbImage topLeft(RgbImage image, int width, int height) {
      float[] planes = new float[3 * width * height];
      for (int row = 0; row < 3 * height; row++) {
        int from = (row / height * image.height() + row % height) * image.width();
        System.arraycopy(image.planes(), from, planes, row * width, width);
      }
      return new RgbImage(width, height, planes);
    }

    void assertPicture(String key, double tolerance) {
      JsonArray shares = reference.getAsJsonArray("blend");
      float[] blend = new float[shares.size()];
      for (int i = 0; i < blend.length; i++) {
        blend[i] = shares.get(i).getAsFloat();
      }
      float[] ours = network.picture(samples.get(0).photo(), blend, arithmetic).planes();
      FloatBuffer expected = OracleFiles.singles(reference.get(key));
      assertThat(expected.remaining()).isEqualTo(ours.length);
      for (int i = 0; i < ours.length; i++) {
        assertThat((double) ours[i])
            .as("%s, value %d", key, i)
            .isCloseTo(expected.get(i), within(tolerance));
      }
    }

    @Override
    public void close() {
      trainer.close();
      manager.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Convolution.class)
  void aBlendOfTwoLooksGivesThePictureOfTheReference(Convolution convolution) {
    try (Setting setting = new Setting(convolution, Precision.FLOAT64)) {
      setting.assertPicture("picture", EXACT);
    }
    try (Setting setting = new Setting(convolution, Precision.FLOAT32)) {
      setting.assertPicture("picture", SINGLE);
    }
  }

  /** The gradient by each parameter points where autograd's does, and is as long. */
  @ParameterizedTest
  @EnumSource(Convolution.class)
  void theGradientIsThatOfAutograd(Convolution convolution) {
    assertGradient(convolution, Precision.FLOAT64, 1 - EXACT, EXACT);
    assertGradient(convolution, Precision.FLOAT32, LEAST_COSINE, LENGTH);
  }

  private static void assertGradient(
      Convolution convolution, Precision precision, double leastCosine, double tolerance) {
    try (Setting setting = new Setting(convolution, precision);
        NDManager step = setting.manager.newSubManager()) {
      List<NDArray> mean = new ArrayList<>();
      for (TrainingSample sample : setting.samples) {
        List<NDArray> gradient = setting.trainer.gradient(step, sample).gradient();
        for (int i = 0; i < gradient.size(); i++) {
          NDArray share = Scalars.times(1.0 / setting.samples.size(), gradient.get(i));
          if (mean.size() == i) {
            mean.add(share);
          } else {
            mean.get(i).addi(share);
          }
        }
      }
      JsonObject expected = setting.reference.getAsJsonObject("gradient");
      List<String> names = setting.network.names();
      assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(names);
      Similarity all = new Similarity();
      List<Similarity> each = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        double[] ours = Scalars.values(mean.get(i).reshape(-1));
        FloatBuffer theirs = OracleFiles.singles(expected.get(names.get(i)));
        each.add(new Similarity());
        for (int k = 0; k < ours.length; k++) {
          all.add(ours[k], theirs.get(k));
          each.get(i).add(ours[k], theirs.get(k));
        }
      }
      assertThat(all.cosine()).isGreaterThan(leastCosine);
      assertThat(all.ratio()).isCloseTo(1, within(tolerance));
      for (int i = 0; i < names.size(); i++) {
        if (each.get(i).theirNorm() > ROUNDING * all.theirNorm()) {
          assertThat(each.get(i).cosine()).as(names.get(i)).isGreaterThan(leastCosine);
          assertThat(each.get(i).ratio()).as(names.get(i)).isCloseTo(1, within(tolerance));
        }
      }
    }
  }

  /** Sums over the values of two vectors. */
  private static final class Similarity {
    private double product;
    private double ours;
    private double theirs;

    void add(double our, double their) {
      product += our * their;
      ours += our * our;
      theirs += their * their;
    }

    double cosine() {
      return product / Math.sqrt(ours * theirs);
    }

    double ratio() {
      return Math.sqrt(ours / theirs);
    }

    double theirNorm() {
      return Math.sqrt(theirs);
    }
  }

  /** Some steps have the losses of the reference, and lead to the same network. */
  @ParameterizedTest
  @EnumSource(Convolution.class)
  void trainingFollowsTheReference(Convolution convolution) {
    try (Setting setting = new Setting(convolution, Precision.FLOAT64)) {
      double rate = setting.reference.get("learning_rate").getAsDouble();
      for (JsonElement element : setting.reference.getAsJsonArray("steps")) {
        JsonObject expected = element.getAsJsonObject();
        StyleNetworkTrainer.Step step = setting.trainer.step(setting.samples, rate);

        assertNumber("gradient_norm", step.gradientNorm(), expected);
        for (int i = 0; i < setting.samples.size(); i++) {
          JsonObject terms = expected.getAsJsonArray("samples").get(i).getAsJsonObject();
          LossTerms ours = step.terms().get(i);
          assertNumber("content", ours.content(), terms);
          assertNumber("style", ours.style(), terms);
          assertNumber("tv", ours.totalVariation(), terms);
          assertNumber("total", ours.total(), terms);
        }
      }
      setting.assertPicture("picture_after", AFTER_STEPS);
    }
  }

  private static void assertNumber(String name, double ours, JsonObject expected) {
    double value = expected.get(name).getAsDouble();
    assertThat(ours).as(name).isCloseTo(value, within(EXACT * value));
  }
}
