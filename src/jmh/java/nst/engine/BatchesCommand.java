package nst.engine;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nst.engine.network.NetworkWeights;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the curve by which {@code batch.images=auto} is decided. */
@Command(
    name = "batches",
    description =
        "Measures an evaluation of the default preset for 1, 2, 4 and more images in a pass, and prints which number"
            + " batch.images=auto takes.",
    mixinStandardHelpOptions = true)
public final class BatchesCommand implements Callable<Integer> {
  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "32,64,96,128,256",
      description = "Sides of the square images in pixels. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--precisions",
      split = ",",
      defaultValue = "float32,bfloat16",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<String> precisions = List.of();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "cpu, or gpu:0. Default: ${DEFAULT-VALUE}.")
  private String device = "";

  @Option(
      names = "--most",
      defaultValue = "16",
      description = "Images in the largest pass. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Override
  public Integer call() {
    List<Integer> counts = IntStream.iterate(1, n -> n <= most, n -> 2 * n).boxed().toList();
    System.out.println(
        "ms for each image, by images in a pass\n| px | precision | "
            + counts.stream().map(String::valueOf).collect(Collectors.joining(" | "))
            + " | auto |\n|---|---|"
            + "---|".repeat(counts.size() + 1));
    try (TorchDevice torch = TorchDevice.open(DeviceName.parse(device), 1);
        StyleTransfer engine = StyleTransfer.open(torch, NetworkWeights.embedded())) {
      for (int size : sizes) {
        for (String precision : precisions) {
          Hyperparameters recipe =
              Preset.BALANCED
                  .hyperparameters()
                  .with(Knob.PRECISION, Knob.PRECISION.domain().parse(precision));
          print(size, precision, engine.batchCurve(recipe, new Size(size, size), most));
        }
      }
    }
    return 0;
  }

  private void print(int size, String precision, BatchCurve curve) {
    StringBuilder line = new StringBuilder("| " + size + " | " + precision + " |");
    for (int i = 0, count = 1; count <= most; i++, count *= 2) {
      line.append(
          i < curve.points().size()
              ? String.format(Locale.ROOT, " %.1f |", 1000 * curve.points().get(i).seconds())
              : " |");
    }
    System.out.println(line.append(' ').append(curve.images()).append(" |"));
  }
}
