package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import nst.model.Hyperparameters.Gram;
import nst.model.Hyperparameters.StyleTerm;
import picocli.CommandLine.Command;

/** What must not get slower, as ratios of times from one run: they hold on any machine. */
@Command(
    name = "ratios",
    description = {
      "Compares times of one run with each other, at 128 px, and ends with exit code 1 where one is"
          + " out of its limits. The limits are generous: they catch a lost optimisation, not a"
          + " slow machine."
    },
    mixinStandardHelpOptions = true)
public final class RatiosCommand implements Callable<Integer> {
  private static final int SIDE = 128;
  private static final int REPEATS = 7;

  /** An evaluation does convolutions before all else; 1 is the ceiling itself. */
  private static final double MOST_OVER_CEILING = 1.6;

  /** Measured 0.5; without the hardware there is no bfloat16 by default either. */
  private static final double MOST_BFLOAT16_OVER_FLOAT32 = 0.8;

  /** A Gram matrix and its gradient in the symmetric form, over the product with both factors. */
  private static final double MOST_GRAM_OVER_PLAIN = 1.1;

  /** Scoring has no way back. */
  private static final double MOST_SCORE_OVER_EVALUATION = 0.75;

  private final List<String> broken = new ArrayList<>();

  @Override
  public Integer call() {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        Workbench single = new Workbench(device, SIDE, "float32")) {
      double evaluation = Stopwatch.of(REPEATS, single::evaluate).least();
      ConvolutionCeiling ceiling = ConvolutionCeiling.measure(single);
      check("evaluation / its convolutions", evaluation / ceiling.millis(), MOST_OVER_CEILING);
      double score = Stopwatch.of(REPEATS, () -> score(single)).least();
      check("score / evaluation", score / evaluation, MOST_SCORE_OVER_EVALUATION);
      check("Gram, symmetric / plain", gram(single), MOST_GRAM_OVER_PLAIN);
      if (Precisions.cpuHasBfloat16()) {
        try (Workbench half = new Workbench(device, SIDE, "bfloat16")) {
          double halves = Stopwatch.of(REPEATS, half::evaluate).least();
          check("evaluation, bfloat16 / float32", halves / evaluation, MOST_BFLOAT16_OVER_FLOAT32);
        }
      } else {
        System.out.println(
            "evaluation, bfloat16 / float32: not measured, this CPU has no bfloat16");
      }
    }
    return broken.isEmpty() ? 0 : 1;
  }

  private static void score(Workbench bench) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      bench.objective.score(bench.coordinates.toPixels(bench.variable), 0);
    }
  }

  private static double gram(Workbench bench) {
    NDArray map =
        bench.arithmetic.enter(
            bench.manager.randomNormal(0, 1, new Shape(1, 256, 64, 64), DataType.FLOAT32));
    GramMatrix gramMatrix = new GramMatrix(Gram.PER_POSITION, StyleTerm.MEAN_SQUARES);
    double symmetric =
        Stopwatch.of(
                REPEATS,
                () -> {
                  try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    GramMatrix.Measured measured =
                        gramMatrix.measured(bench.arithmetic, map, Optional.empty());
                    gramMatrix.gradient(
                        bench.arithmetic, map, Optional.empty(), measured, measured.gram());
                  }
                })
            .least();
    double plain = Stopwatch.of(REPEATS, () -> byAutograd(map)).least();
    return symmetric / plain;
  }

  /** F F^T with both factors in the graph. */
  private static void byAutograd(NDArray map) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray leaf = map.stopGradient();
      leaf.setRequiresGradient(true);
      NDArray loss =
          TorchDevice.recorded(
              () -> {
                NDArray rows = leaf.transpose(0, 2, 3, 1).reshape(-1, map.getShape().get(1));
                return rows.transpose().matMul(rows).square().sum();
              });
      TorchDevice.backward(loss);
    }
  }

  private void check(String what, double ratio, double most) {
    boolean holds = ratio <= most;
    System.out.printf(
        Locale.ROOT,
        "%-32s %.2f, at most %.2f: %s%n",
        what,
        ratio,
        most,
        holds ? "holds" : "BROKEN");
    if (!holds) {
      broken.add(what);
    }
  }
}
