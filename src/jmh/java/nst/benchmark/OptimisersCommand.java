package nst.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.codec.ImageEncoder;
import nst.image.record.ImageRecord;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.knob.OutputChoices.OutputFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the losses of the saved image against evaluations and time, for several optimisers,
 * start images and pyramids. All minimise balanced's objective. {@code benchmark/optimisers.sh}
 * draws the figure.
 */
@Command(
    name = "optimisers",
    description =
        "Compares optimisers, starts and pyramids by the losses of the saved image. Appends to a CSV file.",
    mixinStandardHelpOptions = true)
final class OptimisersCommand implements Callable<Integer> {
  private static final String ADAM = "optimizer=adam bounds=projected learning_rate=";
  private static final String HALF = " smallest_size=COARSEST scale_ratio=2 coarse_share=0.6";
  private static final String QUARTER = " smallest_size=COARSEST scale_ratio=2 coarse_share=0.75";

  /** The values that differ from balanced. Each method states its start and its scales. */
  private static final Map<String, String> METHODS = methods();

  private static Map<String, String> methods() {
    Map<String, String> methods = new LinkedHashMap<>();
    String one = " smallest_size=0";
    methods.put("adam-0.02", ADAM + "0.02 init=content" + one);
    methods.put("adam-0.05", ADAM + "0.05 init=content" + one);
    methods.put("adam-0.1", ADAM + "0.1 init=content" + one);
    methods.put("lbfgs-free", "bounds=none init=content" + one);
    methods.put("lbfgs-projected", "bounds=projected init=content" + one);
    methods.put("lbfgs-sigmoid", "init=content" + one);
    methods.put("adam-0.05-recolored", ADAM + "0.05 init=recolored" + one);
    methods.put("lbfgs-sigmoid-recolored", "init=recolored" + one);
    methods.put("half-lbfgs-sigmoid", "init=content" + HALF);
    methods.put("half-lbfgs-sigmoid-recolored", "init=recolored" + HALF);
    methods.put("quarter-lbfgs-sigmoid-recolored", "init=recolored" + QUARTER);
    return methods;
  }

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "256",
      description = "Working sizes. Default: ${DEFAULT-VALUE}")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--budgets",
      split = ",",
      defaultValue = "10,20,40",
      description = "Limits for a run, in evaluations at full size. Default: ${DEFAULT-VALUE}")
  private List<Integer> budgets = List.of();

  @Option(
      names = "--pairs",
      defaultValue = "3",
      description = "Number of image pairs. Default: ${DEFAULT-VALUE}")
  private int pairs;

  @Option(names = "--methods", split = ",", description = "Methods. Default: all.")
  private List<String> chosen = List.copyOf(METHODS.keySet());

  @Option(
      names = "--output",
      defaultValue = "target/optimisers",
      description = "Folder for optimisers.csv and the images. Default: ${DEFAULT-VALUE}")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(output);
    Path table = output.resolve("optimisers.csv");
    if (!Files.exists(table)) {
      Files.writeString(
          table, "pair,size,method,budget,evaluations,cost,seconds,content,style,tv,total\n");
    }
    String done = Files.readString(table);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      for (int size : sizes) {
        for (Pair pair : Pair.ALL.subList(0, pairs)) {
          for (String method : chosen) {
            for (int budget : budgets) {
              String begin = String.join(",", pair.toString(), size + "", method, budget + ",");
              if (!done.contains(begin)) {
                Files.writeString(
                    table,
                    begin + line(engine, pair, size, method, budget),
                    StandardOpenOption.APPEND);
              }
            }
          }
        }
      }
    }
    return 0;
  }

  private String line(StyleTransfer engine, Pair pair, int size, String method, int budget)
      throws IOException {
    Hyperparameters hyperparameters = hyperparameters(size, method, budget);
    StylizedImage stylized =
        engine.stylize(pair.images(Optional.empty()), hyperparameters, s -> {});
    Files.write(
        output.resolve(String.join("-", pair.toString(), size + "", method, budget + ".png")),
        ImageEncoder.encode(
            stylized.image(), OutputFormat.PNG, 100, pixels -> new ImageRecord("{}", Map.of())));
    LossSample saved = stylized.saved();
    return String.format(
        Locale.ROOT,
        "%d,%.2f,%.2f,%.6g,%.6g,%.6g,%.6g%n",
        stylized.evaluations(),
        cost(stylized.losses(), size),
        stylized.losses().get(stylized.losses().size() - 1).elapsedMillis() / 1e3,
        saved.contentLoss(),
        saved.styleLoss(),
        saved.tvLoss(),
        saved.totalLoss());
  }

  private static Hyperparameters hyperparameters(int size, String method, int budget) {
    int scales = method.startsWith("quarter") ? 3 : method.startsWith("half") ? 2 : 1;
    String coarsest = Integer.toString(size >> (scales - 1));
    String knobs = METHODS.get(method).replace("COARSEST", coarsest);
    Hyperparameters hyperparameters = Preset.BALANCED.hyperparameters().with(Knob.IMAGE_SIZE, size);
    for (String knob : knobs.strip().split(" ", -1)) {
      String[] pair = knob.split("=", 2);
      hyperparameters = hyperparameters.with(Knob.named(pair[0]).orElseThrow(), pair[1]);
    }
    return hyperparameters.with(
        Knob.NUM_ITERATIONS, iterations(budget, scales, hyperparameters.coarseShare()));
  }

  /**
   * The number of steps that cost the budget: one evaluation each, and one more at the start of a
   * scale.
   */
  private static int iterations(int budget, int scales, double coarseShare) {
    double begun = 0; // the first evaluation of every scale
    double coarse = 0; // mean cost of a step at a coarse scale
    for (int i = 0; i < scales; i++) {
      double area = Math.pow(0.25, i);
      begun += area;
      coarse += i == 0 ? 0 : area / (scales - 1);
    }
    double step = scales == 1 ? 1 : coarseShare * coarse + 1 - coarseShare;
    return (int) Math.max(1, Math.round((budget - begun) / step));
  }

  /** The number of evaluations, each weighted by its area relative to the full size. */
  private static double cost(List<LossSample> losses, int size) {
    double cost = 0;
    int before = 0;
    for (LossSample sample : losses) {
      double ratio = sample.scale() / (double) size;
      cost += (sample.evaluations() - before) * ratio * ratio;
      before = sample.evaluations();
    }
    return cost;
  }
}
