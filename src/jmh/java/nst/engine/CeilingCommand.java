package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nst.engine.objective.Evaluation;
import nst.engine.objective.LossTerms;
import nst.engine.optimizer.Iterate;
import nst.engine.optimizer.Lbfgs;
import nst.engine.optimizer.LineSearch;
import nst.engine.torch.DeviceName;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Compares an evaluation with the time that its convolutions need on this machine, and shows where
 * the rest of the time is spent.
 */
@Command(
    name = "ceiling",
    description = {
      "Compares the time of one evaluation (loss and gradient, all terms) of the default recipe"
          + " with that of its convolutions alone. Both are the shortest times in each of several"
          + " rounds. Prints the time of each part. At 32 px, nearly all of an evaluation is its"
          + " fixed cost."
    },
    mixinStandardHelpOptions = true)
public final class CeilingCommand implements Callable<Integer> {
  @Mixin private final Squares squares = new Squares(32, 256, 512);

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description =
          "Rounds, each with the convolutions and then the evaluations, so that both meet the same"
              + " machine. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--repeats",
      defaultValue = "5",
      description = "Evaluations in a round. Default: ${DEFAULT-VALUE}.")
  private int repeats;

  @Option(
      names = "--operations",
      description = "Also print libtorch's operations, the slowest first.")
  private boolean operations;

  @Override
  public Integer call() {
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU)) {
      for (Squares.Square square : squares.all()) {
        try (Workbench bench = new Workbench(device, square.size(), square.precision())) {
          measure(bench);
        }
      }
    }
    return 0;
  }

  /** The results of one round. */
  private record Round(ConvolutionCeiling ceiling, double packedMillis, Stopwatch evaluation) {

    /** Compares the shortest times, because other processes on the machine only add time. */
    double share(double gigaflops) {
      return gigaflops / evaluation.least() * 1e3 / ceiling.gigaflopsPerSecond();
    }
  }

  private void measure(Workbench bench) {
    PackedConvolution packed = new PackedConvolution(bench.manager);
    List<Round> found =
        Stream.generate(
                () ->
                    new Round(
                        ConvolutionCeiling.measure(bench),
                        ConvolutionCeiling.packedMillis(bench, packed),
                        Stopwatch.of(repeats, bench::evaluate)))
            .limit(rounds)
            .sorted(Comparator.comparingDouble(round -> round.share(bench.gigaflops())))
            .toList();
    Round median = found.get(rounds / 2);
    Stopwatch evaluation = Stopwatch.together(found.stream().map(Round::evaluation).toList());
    print(
        "%n%d px, %s: evaluation %.1f ms (median %.1f, most %.1f), %.1f GFLOP, %.0f GFLOP/s%n",
        bench.size.width(),
        bench.precision(),
        median.evaluation().least(),
        evaluation.median(),
        evaluation.most(),
        bench.gigaflops(),
        bench.gigaflops() / median.evaluation().least() * 1e3);
    print(
        "ceiling: %.1f ms forward, %.1f ms back for %.1f GFLOP, %.0f GFLOP/s: evaluation at"
            + " %.1f %% (%d rounds, %.1f to %.1f)%n",
        median.ceiling().forwardMillis(),
        median.ceiling().backwardMillis(),
        median.ceiling().gigaflops(),
        median.ceiling().gigaflopsPerSecond(),
        100 * median.share(bench.gigaflops()),
        rounds,
        100 * found.get(0).share(bench.gigaflops()),
        100 * found.get(rounds - 1).share(bench.gigaflops()));
    print(
        "with packed filters: %.1f ms for both; the evaluation takes %.2f times as long%n",
        median.packedMillis(), median.evaluation().least() / median.packedMillis());
    OperationTimes times =
        Stream.generate(() -> OperationTimes.of(bench::evaluate))
            .limit(repeats)
            .min(Comparator.comparingDouble(OperationTimes::wallMillis))
            .orElseThrow();
    times.byPart().forEach((part, millis) -> row(part.label, millis, times.wallMillis()));
    row("Java, JNI and between operations", times.restMillis(), times.wallMillis());
    row("L-BFGS step of 15 pairs, beside its evaluation", optimiser(bench), times.wallMillis());
    if (operations) {
      times.byOperation().entrySet().stream()
          .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
          .forEach(entry -> print("    %-40s %8.2f ms%n", entry.getKey(), entry.getValue()));
    }
  }

  private static void row(String label, double millis, double wall) {
    print("  %-48s %8.1f ms %5.1f %%%n", label, millis, 100 * millis / wall);
  }

  /** Milliseconds of a step without its evaluation, when the history is full. */
  private static double optimiser(Workbench bench) {
    double[] inEvaluations = {0};
    int history = bench.hyperparameters.lbfgsHistory();
    try (Lbfgs lbfgs =
        new Lbfgs(
            history,
            LineSearch.of(bench.hyperparameters.lineSearch()),
            bench.hyperparameters.firstMove(),
            UnaryOperator.identity())) {
      NDArray target = bench.variable.duplicate();
      NDArray zero = target.zerosLike();
      Iterate iterate = new Iterate(zero, bowl(zero, target), 1);
      double last = 0;
      for (int step = 0; step < history + 3; step++) {
        inEvaluations[0] = 0;
        long began = System.nanoTime();
        Optional<Iterate> next =
            lbfgs.step(
                variable -> {
                  long evaluationBegan = System.nanoTime();
                  Evaluation evaluation = bowl(variable, target);
                  inEvaluations[0] += (System.nanoTime() - evaluationBegan) / 1e6;
                  return evaluation;
                },
                iterate,
                0.3);
        last = (System.nanoTime() - began) / 1e6 - inEvaluations[0];
        if (next.isEmpty()) {
          break;
        }
        iterate = next.get();
      }
      return last;
    }
  }

  /** sum (x - target)^4 / 4: no step reaches the minimum, so the history fills. */
  private static Evaluation bowl(NDArray x, NDArray target) {
    NDArray difference = x.sub(target);
    NDArray gradient = difference.mul(difference).mul(difference);
    double total = Scalars.dot(gradient, difference) / 4;
    return new Evaluation(
        new LossTerms(total, 0, 0, total, Map.of()),
        gradient,
        Math.sqrt(Scalars.dot(gradient, gradient)));
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }
}
