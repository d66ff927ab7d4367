package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nst.engine.objective.Evaluation;
import nst.engine.objective.GramMatrix;
import nst.engine.objective.LossTerms;
import nst.engine.optimizer.Adam;
import nst.engine.optimizer.Iterate;
import nst.engine.optimizer.Lbfgs;
import nst.engine.optimizer.LineSearch;
import nst.engine.torch.DeviceName;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
import nst.model.knob.LossChoices.GramNormalization;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures parts of the engine at 256 px: an evaluation, a Gram matrix, a step of an optimiser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
public class EngineBenchmark {
  private static final int SIDE = 256;
  private static final GramMatrix CENTERED = new GramMatrix(GramNormalization.CENTERED);

  @Param({"float32", "bfloat16"})
  private String precision = "";

  private TorchDevice device;
  private Workbench bench;
  private NDArray map; // relu3_1's, (1, 256, 64, 64)
  private Evaluation evaluation;
  private Adam adam;
  private Lbfgs lbfgs;
  private Iterate iterate;

  @Setup
  public void open() {
    device = TorchDevice.open(DeviceName.CPU);
    bench = new Workbench(device, SIDE, precision);
    map =
        bench.arithmetic.enter(
            bench.manager.randomNormal(0, 1, new Shape(1, 256, 64, 64), DataType.FLOAT32));
    evaluation = bench.objective.evaluate(bench.variable, 0);
    adam = new Adam(0.9, 0.999, 1e-8, UnaryOperator.identity());
    lbfgs = new Lbfgs(15, new LineSearch.Fixed(), 0.2, UnaryOperator.identity());
    iterate = new Iterate(bench.variable.duplicate(), quartic(bench.variable), 1);
  }

  /** Loss and gradient, all terms. */
  @Benchmark
  public void objective() {
    bench.evaluate();
  }

  /** G and its gradient at relu3_1. */
  @Benchmark
  public void gram() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      GramMatrix.Measured measured = CENTERED.measured(bench.arithmetic, map, Optional.empty());
      CENTERED.gradient(
          bench.arithmetic, map, Optional.empty(), measured, measured.gram().duplicate());
    }
  }

  /** A step of Adam without its evaluation. */
  @Benchmark
  public void adamStep() {
    Iterate from = new Iterate(bench.variable, evaluation, 1);
    adam.step(variable -> evaluation, from, 0.05).orElseThrow().variable().close();
  }

  /** A step of L-BFGS with a cheap objective. The history is full after fifteen steps. */
  @Benchmark
  public void lbfgsStep() {
    Optional<Iterate> next = lbfgs.step(EngineBenchmark::quartic, iterate, 0.1);
    iterate.close();
    iterate =
        next.orElseGet(() -> new Iterate(bench.variable.duplicate(), quartic(bench.variable), 1));
  }

  /** sum x^4 / 4: no step reaches the minimum. */
  static Evaluation quartic(NDArray x) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray gradient = x.mul(x).mul(x);
      NDScope.unregister(gradient);
      double total = Scalars.dot(gradient, x) / 4;
      LossTerms terms = new LossTerms(total, 0, 0, total, Map.of());
      return new Evaluation(terms, gradient, Math.sqrt(Scalars.dot(gradient, gradient)));
    }
  }

  @TearDown
  public void close() {
    lbfgs.close();
    adam.close();
    bench.close();
    device.close();
  }
}
