package nst.engine;

import ai.djl.ndarray.NDArray;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How near an evaluation comes to what this machine's convolutions allow, and where it goes. */
@Command(
    name = "ceiling",
    description = {
      "Compares one evaluation (loss and gradient, all terms) of the default recipe with the best"
          + " that the same convolutions can do here, and prints where the time goes."
    },
    mixinStandardHelpOptions = true)
public final class CeilingCommand implements Callable<Integer> {
  @Mixin private final Squares squares = new Squares(256, 512);

  @Option(
      names = "--repeats",
      defaultValue = "5",
      description = "Measured evaluations. Default: ${DEFAULT-VALUE}.")
  private int repeats;

  @Option(names = "--operations", description = "Print libtorch's operations too, dearest first.")
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

  private void measure(Workbench bench) {
    ConvolutionCeiling ceiling = ConvolutionCeiling.measure(bench);
    Stopwatch evaluation = Stopwatch.of(repeats, bench::evaluate);
    double achieved = bench.gigaflops() / evaluation.median() * 1e3;
    print(
        "%n%d px, %s: evaluation %.0f ms (%.0f to %.0f), %.1f GFLOP, %.0f GFLOP/s%n",
        bench.size.width(),
        bench.precision(),
        evaluation.median(),
        evaluation.least(),
        evaluation.most(),
        bench.gigaflops(),
        achieved);
    print(
        "ceiling: %.0f ms forward, %.0f ms back for %.1f GFLOP, %.0f GFLOP/s: evaluation at"
            + " %.1f %%%n",
        ceiling.forwardMillis(),
        ceiling.backwardMillis(),
        ceiling.gigaflops(),
        ceiling.gigaflopsPerSecond(),
        100 * achieved / ceiling.gigaflopsPerSecond());
    OperationTimes times = OperationTimes.of(bench::evaluate);
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

  /** Milliseconds of a step that are not the evaluation's, when the history is full. */
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

  /** sum (x - target)^4 / 4: no step solves it, so that the history fills. */
  private static Evaluation bowl(NDArray x, NDArray target) {
    NDArray difference = x.sub(target);
    NDArray gradient = difference.mul(difference).mul(difference);
    double total = Scalars.dot(gradient, difference) / 4;
    return new Evaluation(
        new Terms(total, 0, 0, total, Map.of()), gradient, Scalars.norm(gradient));
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }
}
