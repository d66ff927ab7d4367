package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.StyleImage;
import nst.engine.objective.StyleTargets;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Backbone;
import nst.model.Hyperparameters.Precision;
import nst.model.Knob;
import nst.model.Preset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StyleNetworkTrainerTest {
  private static final StyleNetworkArchitecture SMALL =
      new StyleNetworkArchitecture(4, 1, Convolution.FULL);

  @ParameterizedTest
  @EnumSource(Convolution.class)
  void trainingLowersTheObjective(Convolution convolution) {
    Hyperparameters objective =
        Preset.BALANCED
            .hyperparameters()
            .with(Knob.BACKBONE, Backbone.VGG16)
            .with(Knob.CONTENT_LAYERS, "relu2_2:1")
            .with(Knob.STYLE_LAYERS, "relu1_1:1,relu2_1:1");
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        NDManager manager = device.manager().newSubManager()) {
      device.enter();
      Arithmetic arithmetic =
          new Arithmetic(Precision.FLOAT32, TensorOperations.load(device.manager()));
      FilterBank filters = new FilterBank(manager, NetworkWeights.seeded(Backbone.VGG16));
      StyleNetworkArchitecture architecture =
          new StyleNetworkArchitecture(SMALL.width(), SMALL.residualBlocks(), convolution);
      try (StyleNetwork network = StyleNetwork.untrained(manager, architecture, 1, 7);
          StyleNetworkTrainer trainer =
              new StyleNetworkTrainer(
                  device,
                  2,
                  network,
                  filters.network(arithmetic, objective.pooling(), objective.padding()),
                  arithmetic,
                  new StyleTargets(1 << 20),
                  List.of(List.of(style())),
                  objective)) {
        List<Double> totals = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          StyleNetworkTrainer.Step step =
              trainer.step(List.of(new TrainingSample(image(33, 30, 1), 0), new TrainingSample(image(33, 30, 3), 0)), 1e-2);
          totals.add(step.terms().get(0).total());
        }
        System.out.println(totals);
        assertThat(totals.get(29)).isLessThan(0.7 * totals.get(0));
      }
      filters.close();
    }
  }

  private static StyleImage style() {
    return new StyleImage(
        image(32, 32, 2), 1, Optional.empty(), Optional.empty(), "a painting of noise");
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
