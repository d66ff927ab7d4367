package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.LossTerms;
import nst.engine.objective.SharedTargets;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class StyleNetworkTrainerTest {
  private static final Hyperparameters OBJECTIVE =
      Preset.BALANCED
          .hyperparameters()
          .with(Knob.BACKBONE, Backbone.VGG16)
          .with(Knob.CONTENT_LAYERS, "relu2_2:1")
          .with(Knob.STYLE_LAYERS, "relu1_1:1,relu2_1:1");

  private static byte[] alone;

  /** Two looks, a network for both, and its trainer. */
  private static final class Setting implements AutoCloseable {
    final TorchDevice device = TorchDevice.open(DeviceName.CPU);
    final NDManager manager = device.manager().newSubManager();
    final FilterBank filters = new FilterBank(manager, NetworkWeights.seeded(Backbone.VGG16));
    final StyleNetwork network;
    final StyleNetworkTrainer trainer;

    Setting(Convolution convolution, Precision precision, int workers) {
      device.enter();
      network =
          StyleNetwork.untrained(manager, new StyleNetworkArchitecture(4, 1, convolution), 2, 7);
      trainer = trainer(precision, workers);
    }

    Setting(TrainingCheckpoint checkpoint, Precision precision) {
      device.enter();
      network = checkpoint.network().on(manager);
      trainer = trainer(precision, 1);
      trainer.resume(checkpoint);
    }

    private StyleNetworkTrainer trainer(Precision precision, int workers) {
      Arithmetic arithmetic = new Arithmetic(precision, TensorOperations.load(manager));
      return new StyleNetworkTrainer(
          device,
          workers,
          network,
          filters.network(arithmetic, OBJECTIVE),
          arithmetic,
          new SharedTargets(1 << 20, 0),
          List.of(new TrainingLook(List.of(style(2)), 33), new TrainingLook(List.of(style(3)), 32)),
          OBJECTIVE);
    }

    @Override
    public void close() {
      trainer.close();
      network.close();
      filters.close();
      device.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Convolution.class)
  void trainingLowersTheObjective(Convolution convolution) {
    try (Setting setting = new Setting(convolution, Precision.FLOAT32, 2)) {
      List<Double> totals = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        StyleNetworkTrainer.Step step = setting.trainer.step(samples(), 1e-2);
        totals.add(step.terms().stream().mapToDouble(LossTerms::total).sum());
      }

      assertThat(totals.get(29)).isLessThan(0.5 * totals.get(0));
      assertThat(setting.trainer.steps()).isEqualTo(30);
    }
  }

  @Test
  void theNetworkDoesNotDependOnHowManySamplesAreComputedAtOnce() {
    assertThat(trainedAlone()).isEqualTo(trained(2));
  }

  /** The network after three steps, one sample at a time; computed once. */
  private static synchronized byte[] trainedAlone() {
    if (alone == null) {
      alone = trained(1);
    }
    return alone;
  }

  private static byte[] trained(int workers) {
    try (Setting setting = new Setting(Convolution.FULL, Precision.FLOAT32, workers)) {
      for (int i = 0; i < 3; i++) {
        setting.trainer.step(samples(), 1e-2);
      }
      return StyleNetworkFile.of(setting.network, "{}").encoded();
    }
  }

  @Test
  void aCropThatIsUsedAgainGivesTheSameGradientWithoutANewPassOfThePhoto() {
    List<TrainingSample> again =
        List.of(
            new TrainingSample(samples().get(0).photo(), 0, 1),
            new TrainingSample(samples().get(1).photo(), 1, 2));
    try (Setting setting = new Setting(Convolution.FULL, Precision.FLOAT32, 2)) {
      for (int i = 0; i < 3; i++) {
        setting.trainer.step(again, 1e-2);
      }
      assertThat(StyleNetworkFile.of(setting.network, "{}").encoded()).isEqualTo(trained(1));
    }
  }

  /** Conditional instance normalisation is linear in the looks' parameters. */
  @Test
  void aTrainingBeginsWithABlendOfTheLooksOfAnotherNetwork() {
    try (Setting setting = new Setting(Convolution.FULL, Precision.FLOAT32, 1)) {
      setting.trainer.step(samples(), 1e-1); // so that the looks differ
      TrainingSetup.Begin begin =
          new TrainingSetup.Begin(
              StyleNetworkFile.of(setting.network, "{}"),
              List.of(List.of(0.25, 0.75), List.of(1.0, 0.0), List.of(0.5, 0.5)));
      try (StyleNetwork begun = begin.on(setting.manager)) {
        assertThat(begun.looks()).isEqualTo(3);
        Arithmetic arithmetic =
            new Arithmetic(Precision.FLOAT32, TensorOperations.load(setting.manager));
        RgbImage photo = samples().get(0).photo();
        float[] expected =
            setting.network.picture(photo, new float[] {0.25f, 0.75f}, arithmetic).planes();
        float[] other = setting.network.picture(photo, new float[] {1, 0}, arithmetic).planes();
        assertThat(begun.picture(photo, new float[] {1, 0, 0}, arithmetic).planes())
            .containsExactly(expected, within(1e-5f));
        assertThat(begun.picture(photo, new float[] {0, 1, 0}, arithmetic).planes())
            .containsExactly(other, within(1e-5f));
        assertThat(expected).isNotEqualTo(other);
      }
    }
  }

  @Test
  void aTrainingThatGoesOnGivesTheSameNetwork() {
    byte[] checkpoint;
    try (Setting setting = new Setting(Convolution.FULL, Precision.FLOAT32, 1)) {
      setting.trainer.step(samples(), 1e-2);
      setting.trainer.step(samples(), 1e-2);
      checkpoint = setting.trainer.checkpoint("{}").encoded();
    }
    try (Setting setting =
        new Setting(TrainingCheckpoint.of("checkpoint", checkpoint), Precision.FLOAT32)) {
      setting.trainer.step(samples(), 1e-2);

      assertThat(setting.trainer.steps()).isEqualTo(3);
      assertThat(StyleNetworkFile.of(setting.network, "{}").encoded()).isEqualTo(trainedAlone());
    }
  }

  /** The gradient is that of the objective's sum over the samples, by central differences. */
  @ParameterizedTest
  @EnumSource(Convolution.class)
  void theGradientIsThatOfTheObjective(Convolution convolution) {
    try (Setting setting = new Setting(convolution, Precision.FLOAT64, 1)) {
      List<NDArray> parameters = setting.network.parameters();
      try (NDManager step = setting.manager.newSubManager()) {
        List<NDArray> gradient = setting.trainer.gradient(step, samples().get(0)).gradient();
        for (int i = 0; i < parameters.size(); i++) {
          double slope = slope(setting, parameters.get(i), gradient.get(i));
          double norm = Math.sqrt(Scalars.dot(gradient.get(i), gradient.get(i)));
          // A shift before a normalised convolution changes nothing: its gradient is rounding.
          assertThat(slope).as("parameter %d", i).isCloseTo(norm, within(0.01 * norm + 1e-9));
        }
      }
    }
  }

  /** How fast the objective rises along a gradient. */
  private static double slope(Setting setting, NDArray parameter, NDArray gradient) {
    double norm = Math.sqrt(Scalars.dot(gradient, gradient));
    double length = 1e-3 * Math.max(1e-2, Math.sqrt(Scalars.dot(parameter, parameter))) / norm;
    move(parameter, gradient, length);
    double above = total(setting);
    move(parameter, gradient, -2 * length);
    double below = total(setting);
    move(parameter, gradient, length);
    return (above - below) / (2 * length * norm);
  }

  private static void move(NDArray parameter, NDArray gradient, double length) {
    try (NDArray move = Scalars.times(length, gradient)) {
      parameter.addi(move);
    }
  }

  private static double total(Setting setting) {
    return setting.trainer.losses(List.of(samples().get(0))).get(0).total();
  }

  private static List<TrainingSample> samples() {
    return List.of(
        new TrainingSample(image(33, 30, 1), 0), new TrainingSample(image(32, 32, 4), 1));
  }

  private static StyleImage style(long seed) {
    return new StyleImage(
        image(32, 32, seed), 1, Optional.empty(), Optional.empty(), "noise " + seed);
  }

  private static RgbImage image(int width, int height, long seed) {
    Random random = new Random(seed);
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = random.nextFloat();
    }
    return new RgbImage(width, height, planes);
  }
}
