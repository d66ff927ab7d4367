package nst.engine;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import nst.engine.network.NetworkWeights;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.knob.Layer;

/**
 * Stylises one photo, to look at the result and to measure the time:
 *
 * <pre>
 * java -cp target/classes:target/test-classes:$(cat target/classpath) nst.engine.TryOut \
 *   content.png style.jpg result.png [preset=gatys] [threads=2] [every=10] [image_size=256 ...]
 * </pre>
 */
final class TryOut {
  private TryOut() {}

  public static void main(String[] arguments) throws IOException {
    Preset preset = Preset.BALANCED;
    int threads = 1;
    int every = 10;
    List<String> knobs = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      switch (pair[0]) {
        case "preset" -> preset = Preset.named(pair[1]).orElseThrow();
        case "threads" -> threads = Integer.parseInt(pair[1]);
        case "every" -> every = Integer.parseInt(pair[1]);
        default -> knobs.add(arguments[i]);
      }
    }
    Hyperparameters hyperparameters = preset.hyperparameters();
    for (String knob : knobs) {
      String[] pair = knob.split("=", 2);
      hyperparameters = hyperparameters.with(Knob.named(pair[0]).orElseThrow(), pair[1]);
    }
    int printedEvery = every;
    long began = System.nanoTime();
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU, threads);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      SourceImages images =
          new SourceImages(
              read(arguments[0]),
              List.of(
                  new StyleImage(
                      read(arguments[1]), 1, Optional.empty(), Optional.empty(), arguments[1])),
              Optional.empty());
      StylizedImage stylized =
          engine.stylize(
              images,
              hyperparameters,
              sample -> {
                if (sample.iteration() % printedEvery == 0) {
                  print("", sample);
                }
              });
      print("saved", stylized.saved());
      System.out.printf(
          Locale.ROOT,
          "%s %d iterations, %d evaluations, %s, peak %d MB, %.1f s in all%n",
          stylized.stopReason(),
          stylized.iterations(),
          stylized.evaluations(),
          stylized.precision(),
          stylized.peakMemoryBytes() >> 20,
          (System.nanoTime() - began) / 1e9);
      write(stylized.image(), arguments[2]);
    }
  }

  private static void print(String label, LossSample sample) {
    StringBuilder layers = new StringBuilder();
    for (Map.Entry<Layer, Double> entry : sample.styleLossByLayer().entrySet()) {
      layers.append(String.format(Locale.ROOT, " %.5f", entry.getValue()));
    }
    System.out.printf(
        Locale.ROOT,
        "%-5s %4d px  iteration %3d  evaluations %3d  total %.5f  content %.5f  style %.5f  tv %.4f "
            + " |g| %.3g  %6d ms  by layer%s%n",
        label,
        sample.scale(),
        sample.iteration(),
        sample.evaluations(),
        sample.totalLoss(),
        sample.contentLoss(),
        sample.styleLoss(),
        sample.tvLoss(),
        sample.gradientNorm(),
        sample.elapsedMillis(),
        layers);
  }

  static RgbImage read(String file) throws IOException {
    BufferedImage image = ImageIO.read(Path.of(file).toFile());
    int width = image.getWidth();
    int height = image.getHeight();
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int rgb = image.getRGB(i % width, i / width);
      planes[i] = (rgb >> 16 & 255) / 255f;
      planes[width * height + i] = (rgb >> 8 & 255) / 255f;
      planes[2 * width * height + i] = (rgb & 255) / 255f;
    }
    return new RgbImage(width, height, planes);
  }

  private static void write(RgbImage image, String file) throws IOException {
    int width = image.width();
    int height = image.height();
    BufferedImage out = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    float[] planes = image.planes();
    for (int i = 0; i < width * height; i++) {
      int rgb =
          Rounding.toLevel(planes[i]) << 16
              | Rounding.toLevel(planes[width * height + i]) << 8
              | Rounding.toLevel(planes[2 * width * height + i]);
      out.setRGB(i % width, i / width, rgb);
    }
    ImageIO.write(out, "png", new File(file));
  }
}
