package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import nst.engine.objective.GramMatrix;
import nst.engine.torch.CpuInfo;
import nst.engine.torch.DeviceName;
import nst.engine.torch.TorchDevice;
import nst.model.knob.LossChoices.GramNormalization;
import picocli.CommandLine.Command;

/** Compares ratios of times from one run with limits. Ratios are similar on all machines. */
@Command(
    name = "ratios",
    description = {
      "Compares times of one run with each other, at 128 px. Ends with exit code 1 if a ratio is"
          + " outside its limits. The limits are wide: they detect a lost optimisation, not a slow"
          + " machine. The CPU time of the thread is measured, so that other programs on the machine"
          + " have little effect. All times are measured in several rounds; the median counts."
    },
    mixinStandardHelpOptions = true)
public final class RatiosCommand implements Callable<Integer> {
  private static final int SIDE = 128;
  private static final int ROUNDS = 7;
  private static final int REPEATS = 3;

  /** The measured operations. */
  private enum Piece {
    EVALUATION,
    SCORE,
    GRAM,
    GRAM_BY_AUTOGRAD,
    BFLOAT16_EVALUATION,
    CONVOLUTIONS
  }

  /** Two operations, and the largest allowed ratio of their times. */
  private enum Ratio {
    /** An evaluation consists mostly of convolutions; 1 would be their time alone. */
    CEILING("evaluation / its convolutions", Piece.EVALUATION, Piece.CONVOLUTIONS, 1.8),

    /** Scoring has no backward pass. */
    SCORE("score / evaluation", Piece.SCORE, Piece.EVALUATION, 0.75),

    /**
     * A Gram matrix and its gradient: in closed form with half of the products, compared with
     * autograd.
     */
    GRAM("Gram, closed form / autograd", Piece.GRAM, Piece.GRAM_BY_AUTOGRAD, 0.8),

    /** Without hardware support, bfloat16 is not the default. */
    BFLOAT16("evaluation, bfloat16 / float32", Piece.BFLOAT16_EVALUATION, Piece.EVALUATION, 0.8);

    private final String label;
    private final Piece piece;
    private final Piece of;
    private final double most;

    Ratio(String label, Piece piece, Piece of, double most) {
      this.label = label;
      this.piece = piece;
      this.of = of;
      this.most = most;
    }

    /** The times of each round, shortest first. */
    List<Double> in(List<Map<Piece, Double>> rounds) {
      return rounds.stream().map(round -> round.get(piece) / round.get(of)).sorted().toList();
    }
  }

  @Override
  public Integer call() {
    EnumSet<Ratio> ratios = EnumSet.allOf(Ratio.class);
    try (TorchDevice device = TorchDevice.open(DeviceName.CPU);
        Workbench single = new Workbench(device, SIDE, "float32");
        Workbench half = new Workbench(device, SIDE, "bfloat16")) {
      NDArray map =
          single.arithmetic.enter(
              single.manager.randomNormal(0, 1, new Shape(1, 256, 64, 64), DataType.FLOAT32));
      EnumMap<Piece, Runnable> pieces = new EnumMap<>(Piece.class);
      pieces.put(Piece.EVALUATION, single::evaluate);
      pieces.put(Piece.SCORE, () -> score(single));
      pieces.put(Piece.GRAM, () -> inClosedForm(single, map));
      pieces.put(Piece.GRAM_BY_AUTOGRAD, () -> byAutograd(map));
      if (CpuInfo.here().hasFastBfloat16()) {
        pieces.put(Piece.BFLOAT16_EVALUATION, half::evaluate);
      } else {
        ratios.remove(Ratio.BFLOAT16);
        System.out.println(Ratio.BFLOAT16.label + ": not measured, this CPU has no fast bfloat16");
      }
      List<Map<Piece, Double>> rounds = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        EnumMap<Piece, Double> times = new EnumMap<>(Piece.class);
        pieces.forEach(
            (piece, work) -> times.put(piece, Stopwatch.of(Clock.THREAD, REPEATS, work).least()));
        times.put(Piece.CONVOLUTIONS, ConvolutionCeiling.measure(single, Clock.THREAD).millis());
        rounds.add(times);
      }
      return ratios.stream().filter(ratio -> !holds(ratio, ratio.in(rounds))).count() == 0 ? 0 : 1;
    }
  }

  private static boolean holds(Ratio ratio, List<Double> values) {
    double median = values.get(values.size() / 2);
    boolean holds = median <= ratio.most;
    System.out.printf(
        Locale.ROOT,
        "%-32s %.2f (%.2f to %.2f), at most %.2f: %s%n",
        ratio.label,
        median,
        values.get(0),
        values.get(values.size() - 1),
        ratio.most,
        holds ? "holds" : "BROKEN");
    return holds;
  }

  private static void score(Workbench bench) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      bench.objective.score(bench.coordinates.toPixels(bench.variable), 0);
    }
  }

  private static void inClosedForm(Workbench bench, NDArray map) {
    GramMatrix gramMatrix = new GramMatrix(GramNormalization.PER_POSITION);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      GramMatrix.Measured measured = gramMatrix.measured(bench.arithmetic, map, Optional.empty());
      gramMatrix.gradient(
          bench.arithmetic, map, Optional.empty(), measured, measured.gram().duplicate());
    }
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
}
