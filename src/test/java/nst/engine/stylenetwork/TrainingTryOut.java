package nst.engine.stylenetwork;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.LossTerms;
import nst.engine.objective.SharedTargets;
import nst.engine.source.StyleImage;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Convolution;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.ImageLimits;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.codec.ImageDecoder;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Trains on folders of photos for a time and prints the losses of held-out photos. Arguments are
 * {@code name=value}: photos, heldout, styles (files, with commas), sizes, crop, width, blocks,
 * kind, rate, steps, batch, seed, workers, from, out, seconds.
 */
public final class TrainingTryOut {
  private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.DEFAULT);

  private static List<RgbImage> images(String folder) throws IOException {
    List<RgbImage> images = new ArrayList<>();
    try (var files = Files.list(Path.of(folder))) {
      for (Path file : files.sorted().toList()) {
        images.add(DECODER.decode(Files.readAllBytes(file)).image());
      }
    }
    return images;
  }

  private static RgbImage scaled(RgbImage image, int longest) {
    double scale = longest / (double) Math.max(image.width(), image.height());
    return Resampler.resize(
        image, (int) Math.round(image.width() * scale), (int) Math.round(image.height() * scale));
  }

  public static void main(String[] args) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (String arg : args) {
      given.put(arg.split("=", 2)[0], arg.split("=", 2)[1]);
    }
    List<RgbImage> photos = images(given.get("photos"));
    List<RgbImage> heldOut = images(given.get("heldout"));
    List<TrainingLook> looks = new ArrayList<>();
    for (String file : given.get("styles").split(",", -1)) {
      RgbImage painting = DECODER.decode(Files.readAllBytes(Path.of(file))).image();
      for (String size : given.getOrDefault("sizes", "256").split(",", -1)) {
        looks.add(
            new TrainingLook(
                List.of(new StyleImage(painting, 1, Optional.empty(), Optional.empty(), file)),
                Integer.parseInt(size)));
      }
    }
    Hyperparameters objective =
        Preset.BALANCED.hyperparameters().with(Knob.BACKBONE, Backbone.VGG16);
    int batch = Integer.parseInt(given.getOrDefault("batch", "2"));
    TrainingSchedule schedule =
        new TrainingSchedule(
            Long.parseLong(given.getOrDefault("steps", "1000")),
            Double.parseDouble(given.getOrDefault("rate", "1e-3")),
            Integer.parseInt(given.getOrDefault("crop", "256")),
            batch,
            Long.parseLong(given.getOrDefault("seed", "1")));
    StyleNetworkArchitecture architecture =
        new StyleNetworkArchitecture(
            Integer.parseInt(given.getOrDefault("width", "32")),
            Integer.parseInt(given.getOrDefault("blocks", "5")),
            Convolution.valueOf(given.getOrDefault("kind", "full").toUpperCase(Locale.ROOT)));
    double seconds = Double.parseDouble(given.getOrDefault("seconds", "1e9"));
    int every = Integer.parseInt(given.getOrDefault("every", "100"));
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
              looks.size());
      try (StyleNetwork network =
              given.containsKey("from")
                  ? begun(manager, given.get("from"), looks.size())
                  : StyleNetwork.untrained(manager, architecture, looks.size(), 1);
          StyleNetworkTrainer trainer =
              new StyleNetworkTrainer(
                  device,
                  Integer.parseInt(given.getOrDefault("workers", "1")),
                  network,
                  filters.network(arithmetic, objective),
                  arithmetic,
                  new SharedTargets(64 << 20, 0),
                  looks,
                  objective)) {
        double mean = Double.NaN;
        long begin = System.nanoTime();
        long step = 0;
        for (; step < schedule.steps(); step++) {
          double passed = (System.nanoTime() - begin) / 1e9;
          if (passed > seconds) {
            break;
          }
          long at = step;
          double share = Math.max(step / (double) schedule.steps(), passed / seconds);
          StyleNetworkTrainer.Step seen =
              trainer.step(
                  IntStream.range(0, batch).mapToObj(i -> sampler.sample(at, i)).toList(),
                  schedule.learningRate(
                      Math.min(step, 20) > 19 ? (long) (share * schedule.steps()) : step));
          double total =
              seen.terms().stream().mapToDouble(LossTerms::total).average().orElseThrow();
          mean = Double.isNaN(mean) ? total : 0.95 * mean + 0.05 * total;
          if (step % every == 0) {
            System.out.printf(
                Locale.ROOT,
                "%6.0f s %d mean %.4f norm %.3f%n",
                passed,
                step,
                mean,
                seen.gradientNorm());
            System.out.flush();
          }
        }
        System.out.printf(
            Locale.ROOT, "%d steps, %.0f s%n", step, (System.nanoTime() - begin) / 1e9);
        Files.write(Path.of(given.get("out")), StyleNetworkFile.of(network, "{}").encoded());
        for (int look = 0; look < looks.size(); look++) {
          StringBuilder line = new StringBuilder("look " + look + ":");
          double sum = 0;
          for (RgbImage photo : heldOut) {
            RgbImage row = scaled(photo, looks.get(look).imageSize());
            double total = trainer.losses(List.of(new TrainingSample(row, look))).get(0).total();
            sum += total;
            line.append(String.format(Locale.ROOT, " %.3f", total));
          }
          System.out.printf(Locale.ROOT, "%s mean %.4f%n", line, sum / heldOut.size());
        }
      }
    }
  }

  private static StyleNetwork begun(NDManager manager, String file, int looks) throws IOException {
    StyleNetworkFile trained = StyleNetworkFile.of(file, Files.readAllBytes(Path.of(file)));
    List<Double> blend = new ArrayList<>();
    for (int i = 0; i < trained.looks(); i++) {
      blend.add(1.0 / trained.looks());
    }
    return new TrainingSetup.Begin(trained, IntStream.range(0, looks).mapToObj(i -> blend).toList())
        .on(manager);
  }
}
