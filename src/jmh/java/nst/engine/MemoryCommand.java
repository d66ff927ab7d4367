package nst.engine;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import nst.engine.network.NetworkWeights;
import nst.engine.sizing.Sizing;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.image.Size;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the memory of one image: the engine without Spark, in a new JVM for each size and
 * precision.
 */
@Command(
    name = "memory",
    description = {
      "Stylises one square image for each size and precision, each in a new JVM with only the"
          + " engine. Prints the largest resident memory and the prediction of the planner."
    },
    mixinStandardHelpOptions = true)
public final class MemoryCommand implements Callable<Integer> {
  /**
   * The resident memory, in bytes, of a process with the network but without an image: JVM,
   * libtorch, filters.
   */
  public static final long PROCESS_BYTES = 480L << 20;

  private static final long MEBI = 1 << 20;

  @Mixin private final Squares squares = new Squares(256, 512, 1024);

  @Option(
      names = "--iterations",
      defaultValue = "17",
      description =
          "Steps. The default fills L-BFGS's history of 15 pairs. Default: ${DEFAULT-VALUE}.")
  private int iterations;

  @Option(
      names = "--coarse-share",
      defaultValue = "0.5",
      description = {
        "The share of the steps at coarser scales. L-BFGS keeps their pairs, so its history is full"
            + " after few steps at the full size. Default: ${DEFAULT-VALUE}, as in the recipe."
      })
  private double coarseShare;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = {
        "JVMs for each size and precision. The largest memory is printed, because the allocator"
            + " places blocks differently in each. Default: ${DEFAULT-VALUE}."
      })
  private int rounds;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads. Default: ${DEFAULT-VALUE}.")
  private int threads;

  @Option(
      names = "--embedded",
      description =
          "Measure the default preset on the embedded network. Default: with VGG19 and its fifth"
              + " block, for which the prediction was fitted.")
  private boolean embedded;

  @Option(names = "--here", hidden = true, description = "In this JVM: the one size and precision.")
  private boolean here;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (here) {
      for (Squares.Square square : squares.all()) {
        System.out.println(peak(square.size(), square.precision()) / MEBI);
      }
      return 0;
    }
    System.out.println("| px | precision | steps | peak MiB | predicted MiB |");
    System.out.println("|---|---|---|---|---|");
    for (Squares.Square square : squares.all()) {
      System.out.printf(
          Locale.ROOT,
          "| %d | %s | %d | %d | %d |%n",
          square.size(),
          square.precision(),
          iterations,
          largestPeak(square.size(), square.precision()),
          predicted(square.size(), square.precision(), iterations, embedded) / MEBI);
    }
    return 0;
  }

  /**
   * Returns the predicted memory after this many steps. L-BFGS cannot have more pairs than steps.
   */
  public static long predicted(int size, String precision, int steps) {
    return predicted(size, precision, steps, false);
  }

  private static long predicted(int size, String precision, int steps, boolean embedded) {
    Hyperparameters recipe = recipe(size, precision, embedded);
    Precision arithmetic = Precision.valueOf(precision.toUpperCase(Locale.ROOT));
    int history = Math.min(recipe.lbfgsHistory(), steps);
    return PROCESS_BYTES
        + Sizing.memoryBytes(
            new Size(size, size), arithmetic, recipe.with(Knob.LBFGS_HISTORY, history));
  }

  private static Hyperparameters recipe(int size, String precision, boolean embedded) {
    Hyperparameters recipe = Workbench.recipe(size, precision);
    return embedded
        ? recipe
        : recipe
            .with(Knob.BACKBONE, Backbone.VGG19)
            .with(Knob.STYLE_LAYERS, "relu1_1:1,relu2_1:1,relu3_1:1,relu4_1:1,relu5_1:1");
  }

  private NetworkWeights weights() {
    return embedded ? NetworkWeights.embedded() : NetworkWeights.seeded(Backbone.VGG19);
  }

  private long largestPeak(int size, String precision) throws IOException, InterruptedException {
    long largest = 0;
    for (int round = 0; round < rounds; round++) {
      largest = Math.max(largest, peakOfItsOwnJvm(size, precision));
    }
    return largest;
  }

  /** Parses the last line of the child process: its VmHWM in mebibytes. */
  private long peakOfItsOwnJvm(int size, String precision)
      throws IOException, InterruptedException {
    return Long.parseLong(
        ChildJvm.lastLine(
            heapMegabytes(size),
            Stream.concat(
                    Stream.of(
                        "memory",
                        "--here",
                        "--sizes=" + size,
                        "--precisions=" + precision,
                        "--iterations=" + iterations,
                        "--coarse-share=" + coarseShare,
                        "--threads=" + threads),
                    embedded ? Stream.of("--embedded") : Stream.empty())
                .toList()));
  }

  /** Enough to create the untrained filters and for about six images. */
  private static long heapMegabytes(int size) {
    return 128 + (long) size * size / 10_000;
  }

  private long peak(int size, String precision) {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU, threads);
        StyleTransfer engine = StyleTransfer.open(device, weights())) {
      return engine
          .stylize(
              Workbench.images(),
              recipe(size, precision, embedded)
                  .with(Knob.NUM_ITERATIONS, iterations)
                  .with(Knob.COARSE_SHARE, coarseShare),
              sample -> {})
          .peakMemoryBytes();
    }
  }
}
