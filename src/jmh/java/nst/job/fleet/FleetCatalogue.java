package nst.job.fleet;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import nst.job.cost.CostModel;
import nst.job.cost.MeasuredCost;
import nst.job.cost.RowCosts;
import nst.job.executor.MemoryLimit;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.Preset;
import nst.model.Setting.Device;
import nst.model.TransferRequest;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * The predicted seconds of the rows of a catalogue, in the order of the plan: by style, in a style
 * by size, and the longest first. Sizes are log-normal about 512 px, one row in twenty has ten
 * times the steps, and there are 200 styles, as in {@code benchmark plan}.
 */
final class FleetCatalogue {
  private static final int STYLES = 200;
  private static final double MEDIAN_SIZE = 512;
  private static final double SIZE_DEVIATION = 0.4;
  private static final int STEP = 32;
  private static final int LARGEST = 2048;
  private static final int[] STEPS = {300, 30};

  private final RowCosts costs;
  private final Hyperparameters recipe;

  private FleetCatalogue(Device device, List<MeasuredCost> measured) {
    this.costs =
        new RowCosts(
            new CostModel(device, CostModel.Vectors.AVX512, measured),
            new MemoryLimit(Long.MAX_VALUE, "no limit is known"));
    this.recipe = recipe(device);
  }

  /**
   * Creates the rows, the same in every run.
   *
   * @param device a core of a CPU, with the built-in constants, which were measured on an AMD EPYC
   *     (Zen 5) in float32; or an NVIDIA H200 in bfloat16, as measured in docs/performance.md
   */
  static double[] of(Device device, int rows, long seed) {
    return switch (device) {
      case CPU -> new FleetCatalogue(device, List.of()).rows(rows, seed);
      case GPU ->
          new FleetCatalogue(
                  device, List.of(measured(256, 0.28), measured(512, 0.33), measured(1024, 0.5)))
              .rows(rows, seed);
    };
  }

  /** The cost of a row of the default preset at one size on the GPU. */
  private static MeasuredCost measured(int size, double seconds) {
    FleetCatalogue unmeasured = new FleetCatalogue(Device.GPU, List.of());
    var work = unmeasured.cost(size, 30).work();
    return new MeasuredCost(
        work.arithmetic(),
        work.search(),
        work.size(),
        "gpu",
        "bfloat16",
        1,
        work.evaluations(),
        work.teraflops(),
        seconds,
        0);
  }

  private static Hyperparameters recipe(Device device) {
    return Preset.BALANCED
        .hyperparameters()
        .on(Backbone.VGG16)
        .with(
            Knob.PRECISION,
            switch (device) {
              case CPU -> "float32";
              case GPU -> "bfloat16";
            });
  }

  private RowCosts.Cost cost(int size, int steps) {
    return costs.of(
        new TransferRequest(
            "row",
            "s3a://catalogue/photo.jpg",
            "",
            List.of(new TransferRequest.Style("s3a://catalogue/style.jpg", 1)),
            recipe.with(Knob.IMAGE_SIZE, size).with(Knob.NUM_ITERATIONS, steps)));
  }

  private double[] rows(int count, long seed) {
    int sizes = LARGEST / STEP + 1;
    double[] seconds = new double[sizes * STEPS.length];
    for (int size = 2; size < sizes; size++) {
      for (int steps = 0; steps < STEPS.length; steps++) {
        seconds[size * STEPS.length + steps] = cost(size * STEP, STEPS[steps]).estimate().seconds();
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] kinds = new int[count];
    for (int row = 0; row < count; row++) {
      int style = random.nextInt(STYLES);
      int size = (int) Math.round(MEDIAN_SIZE / STEP * Math.exp(SIZE_DEVIATION * normal(random)));
      int steps = random.nextInt(20) == 0 ? 0 : 1;
      kinds[row] = (style * sizes + Math.max(2, Math.min(size, sizes - 1))) * STEPS.length + steps;
    }
    Arrays.sort(kinds);
    return Arrays.stream(kinds).mapToDouble(kind -> seconds[kind % seconds.length]).toArray();
  }

  /** A normal deviate (Box and Muller 1958). */
  static double normal(SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
