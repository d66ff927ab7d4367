package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.StyleImage;
import nst.engine.objective.StyleTargets;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;

/** Trains on a folder of photos: FOLDER PAINTING SIDE STEPS WIDTH BLOCKS OUT. */
public final class TrainingTryOut {
  public static void main(String[] args) throws IOException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.DEFAULT);
    List<RgbImage> photos = new ArrayList<>();
    try (var files = Files.list(Path.of(args[0]))) {
      for (Path file : files.sorted().toList()) {
        photos.add(decoder.decode(Files.readAllBytes(file)).image());
      }
    }
    RgbImage painting = decoder.decode(Files.readAllBytes(Path.of(args[1]))).image();
    Hyperparameters objective =
        Preset.BALANCED.hyperparameters().with(Knob.BACKBONE, Backbone.VGG16);
    TrainingSchedule schedule =
        new TrainingSchedule(Long.parseLong(args[3]), 1e-3, Integer.parseInt(args[2]), 2, 1);
    StyleNetworkArchitecture architecture =
        new StyleNetworkArchitecture(
            Integer.parseInt(args[4]), Integer.parseInt(args[5]), Convolution.FULL);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        NDManager manager = device.manager().newSubManager()) {
      device.enter();
      Arithmetic arithmetic = new Arithmetic(Precision.FLOAT32, TensorOperations.load(manager));
      FilterBank filters = new FilterBank(manager, NetworkWeights.embedded());
      CropSampler sampler =
          new CropSampler(
              new CropSampler.Photos() {
                @Override
                public int count() {
                  return photos.size();
                }

                @Override
                public RgbImage get(int number) {
                  return photos.get(number);
                }
              },
              schedule,
              1);
      StyleImage style = new StyleImage(painting, 1, Optional.empty(), Optional.empty(), args[1]);
      try (StyleNetwork network = StyleNetwork.untrained(manager, architecture, 1, 1);
          StyleNetworkTrainer trainer =
              new StyleNetworkTrainer(
                  device,
                  2,
                  network,
                  filters.network(arithmetic, objective),
                  arithmetic,
                  new StyleTargets(64 << 20),
                  List.of(List.of(style)),
                  objective)) {
        double mean = Double.NaN;
        for (int step = 0; step < schedule.steps(); step++) {
          StyleNetworkTrainer.Step seen =
              trainer.step(
                  List.of(sampler.sample(step, 0), sampler.sample(step, 1)),
                  schedule.learningRate(step));
          double total = (seen.terms().get(0).total() + seen.terms().get(1).total()) / 2;
          mean = Double.isNaN(mean) ? total : 0.95 * mean + 0.05 * total;
          if (step % 20 == 0) {
            System.out.println(step + " " + total + " " + mean + " " + seen.gradientNorm());
          }
        }
        Files.write(Path.of(args[6]), StyleNetworkFile.of(network, "{}").encoded());
      }
    }
  }
}
