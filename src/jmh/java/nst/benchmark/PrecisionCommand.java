package nst.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import nst.engine.StyleTransfer;
import nst.engine.StylizedImage;
import nst.engine.network.NetworkWeights;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.knob.NetworkChoices.Pooling;
import nst.model.knob.NetworkChoices.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the loss of quality by bfloat16: the objective of the saved images in float32, for both
 * precisions.
 */
@Command(
    name = "precision",
    description =
        "Stylises images in float32 and in bfloat16, and compares their objectives in float32.",
    mixinStandardHelpOptions = true)
final class PrecisionCommand implements Callable<Integer> {
  private static final int MOST_OWN_STEPS = 100;

  @Option(
      names = "--size",
      defaultValue = "256",
      description = "Working size. Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--pairs",
      defaultValue = "5",
      description = "Number of image pairs. Default: ${DEFAULT-VALUE}")
  private int pairs;

  @Option(
      names = "--presets",
      split = ",",
      defaultValue = "balanced,gatys,keras,pytorch,scheduled,d2l",
      description = "Default: ${DEFAULT-VALUE}")
  private List<String> presets = List.of();

  @Option(names = "--pooling", description = "Default: that of the preset")
  private Optional<Pooling> pooling = Optional.empty();

  @Option(
      names = "--steps",
      defaultValue = "60",
      description =
          "Steps of presets that make more than 100. The other presets make their own number. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    System.out.println(
        "| pair | preset | pooling | evaluations | float32: content, style, total | bfloat16: content, style, total | total | auto takes |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    ExecutorService two = Executors.newFixedThreadPool(2);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        StyleTransfer engine = StyleTransfer.open(device, NetworkWeights.embedded())) {
      List<Future<String>> lines = new ArrayList<>();
      for (String preset : presets) {
        Hyperparameters recipe = recipe(preset);
        for (Pair pair : Pair.ALL.subList(0, pairs)) {
          lines.add(two.submit(() -> line(engine, pair, preset, recipe)));
        }
      }
      for (Future<String> line : lines) {
        System.out.println(line.get());
      }
    } finally {
      two.shutdownNow();
    }
    return 0;
  }

  private Hyperparameters recipe(String preset) {
    Hyperparameters recipe =
        Preset.named(preset)
            .orElseThrow(() -> new IllegalArgumentException("expected a preset, was " + preset))
            .hyperparameters()
            .with(Knob.IMAGE_SIZE, size)
            .with(Knob.IMAGE_WIDTH, size)
            .with(Knob.IMAGE_HEIGHT, size);
    Hyperparameters pooled =
        pooling
            .map(other -> recipe.with(Knob.POOLING, other.name().toLowerCase(Locale.ROOT)))
            .orElse(recipe);
    return pooled.numIterations() > MOST_OWN_STEPS
        ? pooled.with(Knob.NUM_ITERATIONS, steps)
        : pooled;
  }

  private static String line(
      StyleTransfer engine, Pair pair, String preset, Hyperparameters hyperparameters) {
    StylizedImage exact = stylized(engine, pair, hyperparameters, Precision.FLOAT32);
    StylizedImage fast = stylized(engine, pair, hyperparameters, Precision.BFLOAT16);
    LossSample exactScore = score(engine, pair, hyperparameters, exact.image());
    LossSample fastScore = score(engine, pair, hyperparameters, fast.image());
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d, %d | %s | %s | %+.2f %% | %s |",
        pair,
        preset,
        hyperparameters.pooling().name().toLowerCase(Locale.ROOT),
        exact.evaluations(),
        fast.evaluations(),
        terms(exactScore),
        terms(fastScore),
        100 * (fastScore.totalLoss() / exactScore.totalLoss() - 1),
        automatic(engine, pair, hyperparameters));
  }

  private static StylizedImage stylized(
      StyleTransfer engine, Pair pair, Hyperparameters hyperparameters, Precision precision) {
    return engine.stylize(
        pair.images(Optional.empty()),
        hyperparameters.with(Knob.PRECISION, precision.name().toLowerCase(Locale.ROOT)),
        sample -> {});
  }

  /** Computes the terms of an image in float32, by starting a run from it. */
  private static LossSample score(
      StyleTransfer engine, Pair pair, Hyperparameters hyperparameters, RgbImage image) {
    AtomicReference<LossSample> first = new AtomicReference<>();
    engine.stylize(
        pair.images(Optional.of(Rounding.toEightBit(image))),
        hyperparameters
            .with(Knob.PRECISION, "float32")
            .with(Knob.INIT, "image")
            .with(Knob.SMALLEST_SIZE, 0)
            .with(Knob.KEEP, "last")
            .with(Knob.NUM_ITERATIONS, 1),
        sample -> first.compareAndSet(null, sample));
    return first.get();
  }

  private static Precision automatic(
      StyleTransfer engine, Pair pair, Hyperparameters hyperparameters) {
    return engine
        .stylize(
            pair.images(Optional.empty()),
            hyperparameters
                .with(Knob.PRECISION, "auto")
                .with(Knob.IMAGE_SIZE, 64)
                .with(Knob.SMALLEST_SIZE, 0)
                .with(Knob.NUM_ITERATIONS, 1),
            sample -> {})
        .precision();
  }

  private static String terms(LossSample sample) {
    return String.format(
        Locale.ROOT,
        "%.4g, %.4g, %.4g",
        sample.contentLoss(),
        sample.styleLoss(),
        sample.totalLoss());
  }
}
