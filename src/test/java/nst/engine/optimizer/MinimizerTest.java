package nst.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nst.engine.TestEngine;
import nst.engine.objective.Evaluation;
import nst.engine.objective.LossTerms;
import nst.engine.objective.Parametrization;
import nst.engine.torch.Scalars;
import nst.model.Hyperparameters;
import nst.model.knob.OptimizerChoices.LineSearchMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the optimisers on functions with a known minimum. */
class MinimizerTest {
  private NDManager manager;
  private int evaluations;

  @BeforeEach
  void open() {
    manager = TestEngine.device().manager().newSubManager();
    TestEngine.device().enter();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** sum_i c_i (x_i - target)^2 with c from 1 to 100: a long valley. */
  private Function<NDArray, Evaluation> valley(float target) {
    float[] curvatures = new float[30];
    for (int i = 0; i < curvatures.length; i++) {
      curvatures[i] = (float) Math.pow(100, i / 29.0);
    }
    NDArray c = manager.create(curvatures, new Shape(1, 3, 2, 5));
    return x -> {
      evaluations++;
      NDArray off = x.sub(target);
      return evaluation(c.mul(off).mul(off).sum().getFloat(), c.mul(off).mul(2));
    };
  }

  private static Evaluation evaluation(double total, NDArray gradient) {
    return new Evaluation(
        new LossTerms(0, 0, 0, total, Map.of()),
        gradient,
        Math.sqrt(Scalars.dot(gradient, gradient)));
  }

  private Iterate minimized(
      Minimizer minimizer, Function<NDArray, Evaluation> objective, int steps, double rate) {
    NDArray x = manager.zeros(new Shape(1, 3, 2, 5));
    Iterate iterate = new Iterate(x, objective.apply(x), rate);
    for (int step = 0; step < steps; step++) {
      Optional<Iterate> next = minimizer.step(objective, iterate, rate);
      if (next.isEmpty()) {
        return iterate;
      }
      iterate = next.get();
    }
    return iterate;
  }

  private static Lbfgs lbfgs(LineSearch search, UnaryOperator<NDArray> projection) {
    return new Lbfgs(15, search, 0.1, projection);
  }

  @ParameterizedTest
  @EnumSource(
      value = LineSearchMethod.class,
      names = {"ARMIJO", "STRONG_WOLFE"})
  void lbfgsFindsTheMinimumOfALongValley(LineSearchMethod search) {
    Iterate end =
        minimized(lbfgs(LineSearch.of(search), UnaryOperator.identity()), valley(0.7f), 60, 1);

    assertThat(end.evaluation().terms().total()).isLessThan(1e-4);
    for (float value : end.variable().toFloatArray()) {
      assertThat(value).isCloseTo(0.7f, within(0.01f));
    }
  }

  @Test
  void lbfgsNeverGoesUpWithALineSearch() {
    double[] last = {Double.POSITIVE_INFINITY};
    Minimizer minimizer = lbfgs(new LineSearch.Armijo(), UnaryOperator.identity());
    Function<NDArray, Evaluation> objective = valley(0.7f);
    NDArray x = manager.zeros(new Shape(1, 3, 2, 5));
    Iterate iterate = new Iterate(x, objective.apply(x), 1);
    for (int step = 0; step < 15; step++) {
      assertThat(iterate.evaluation().terms().total()).isLessThan(last[0]);
      last[0] = iterate.evaluation().terms().total();
      iterate = minimizer.step(objective, iterate, 1).orElseThrow();
    }
  }

  @Test
  void lbfgsStaysInItsBoxAndFindsItsCorner() {
    Minimizer bounded = lbfgs(new LineSearch.Armijo(), Parametrization::clamped);

    Iterate end = minimized(bounded, valley(1.5f), 40, 1);

    for (float value : end.variable().toFloatArray()) {
      assertThat(value).isCloseTo(1f, within(1e-4f));
    }
  }

  @Test
  void lbfgsStopsWhereNothingIsLower() {
    Function<NDArray, Evaluation> flat =
        x ->
            evaluation(
                3, manager.ones(new Shape(1, 3, 2, 5))); // reports a slope that does not exist
    NDArray x = manager.zeros(new Shape(1, 3, 2, 5));

    assertThat(
            lbfgs(new LineSearch.Armijo(), UnaryOperator.identity())
                .step(flat, new Iterate(x, flat.apply(x), 1), 1))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = LineSearchMethod.class,
      names = {"ARMIJO", "STRONG_WOLFE"})
  void lbfgsStallsWhereEveryTrialIsHigher(LineSearchMethod search) {
    // The reported slope does not exist, so each trial is worse than the start.
    Function<NDArray, Evaluation> wall =
        x -> evaluation(1 + Math.sqrt(Scalars.dot(x, x)), manager.ones(new Shape(1, 3, 2, 5)));

    assertThat(lbfgs(LineSearch.of(search), UnaryOperator.identity()).step(wall, start(wall), 1))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(LineSearchMethod.class)
  void lbfgsStallsAtAZeroGradient(LineSearchMethod search) {
    Function<NDArray, Evaluation> plain = x -> evaluation(3, manager.zeros(new Shape(1, 3, 2, 5)));

    assertThat(lbfgs(LineSearch.of(search), UnaryOperator.identity()).step(plain, start(plain), 1))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(LineSearchMethod.class)
  void lbfgsStallsInACornerOfItsBox(LineSearchMethod search) {
    // The direction of descent leads out of the box everywhere at x = 0.
    Function<NDArray, Evaluation> outwards =
        x -> evaluation(x.sum().getFloat(), manager.ones(new Shape(1, 3, 2, 5)));

    assertThat(
            lbfgs(LineSearch.of(search), Parametrization::clamped)
                .step(outwards, start(outwards), 1))
        .isEmpty();
  }

  @Test
  void lbfgsDropsItsHistoryAfterABadDirectionAndContinues() {
    Minimizer minimizer = lbfgs(new LineSearch.Armijo(), UnaryOperator.identity());
    Function<NDArray, Evaluation> objective = valley(0.7f);
    Iterate learnt = start(objective);
    for (int step = 0; step < 3; step++) {
      learnt = minimizer.step(objective, learnt, 1).orElseThrow();
    }
    // Ten trials with this first step, each 0.3 times the previous one, are all too long.
    Iterate next = minimizer.step(objective, learnt, 1e9).orElseThrow();

    assertThat(next.evaluation().terms().total()).isLessThan(learnt.evaluation().terms().total());
    assertThat(Scalars.meanAbsolute(next.variable().sub(learnt.variable())))
        .as("a step of first_move, or shorter")
        .isLessThan(0.11);
  }

  private Iterate start(Function<NDArray, Evaluation> objective) {
    NDArray x = manager.zeros(new Shape(1, 3, 2, 5));
    return new Iterate(x, objective.apply(x), 1);
  }

  @Test
  void strongWolfeGoesBeyondAFirstStepThatIsTooShort() {
    Function<NDArray, Evaluation> objective = valley(0.7f);
    Iterate from = start(objective);

    Iterate next =
        lbfgs(new LineSearch.StrongWolfe(), UnaryOperator.identity())
            .step(objective, from, 0.01)
            .orElseThrow();

    double first = 0.01 / (30 * Scalars.meanAbsolute(from.evaluation().gradient()));
    assertThat(next.stepSize()).isGreaterThan(20 * first);
  }

  @Test
  void strongWolfeBacksOutOfWhatIsNotFinite() {
    Function<NDArray, Evaluation> cliff =
        x -> {
          float value = x.toFloatArray()[0];
          double total = value > 0.02f ? Double.NaN : 1 - value + 20 * value * value;
          return evaluation(total, manager.full(x.getShape(), -1f + 40 * value));
        };

    Iterate next =
        lbfgs(new LineSearch.StrongWolfe(), UnaryOperator.identity())
            .step(cliff, start(cliff), 1)
            .orElseThrow();

    assertThat(next.variable().toFloatArray()[0]).isBetween(0.0001f, 0.02f);
    assertThat(next.evaluation().terms().total()).isLessThan(1);
  }

  @Test
  void lbfgsBacksOutOfWhatIsNotFinite() {
    Function<NDArray, Evaluation> cliff =
        x -> {
          float[] values = x.toFloatArray();
          boolean beyond = values[0] > 0.05f;
          return evaluation(beyond ? Double.NaN : 1 - values[0], manager.full(x.getShape(), -1f));
        };
    NDArray x = manager.zeros(new Shape(1, 3, 2, 5));

    Iterate next =
        lbfgs(new LineSearch.Armijo(), UnaryOperator.identity())
            .step(cliff, new Iterate(x, cliff.apply(x), 1), 1)
            .orElseThrow();

    assertThat(next.variable().toFloatArray()[0]).isBetween(0.001f, 0.05f);
  }

  @Test
  void lbfgsLeavesNoTensorBehind() {
    Function<NDArray, Evaluation> objective = valley(0.7f);
    try (Lbfgs minimizer =
        new Lbfgs(3, new LineSearch.StrongWolfe(), 0.1, UnaryOperator.identity())) {
      NDArray x = manager.zeros(new Shape(1, 3, 2, 5));
      Iterate iterate = new Iterate(x, objective.apply(x), 1);
      for (int step = 0; step < 8; step++) {
        Iterate next = minimizer.step(objective, iterate, 1).orElseThrow();
        iterate.close();
        iterate = next;
      }
      assertThat(evaluations).isGreaterThan(8);
    }
  }

  @Test
  void adamMovesByItsLearningRateAtFirst() {
    Adam adam = new Adam(0.9, 0.999, 1e-8, UnaryOperator.identity());

    Iterate one = minimized(adam, valley(0.7f), 1, 0.25);

    for (float value : one.variable().toFloatArray()) {
      assertThat(value).isCloseTo(0.25f, within(1e-5f));
    }
    assertThat(one.stepSize()).isEqualTo(0.25);
  }

  @Test
  void adamFindsTheMinimumWithinItsBox() {
    Adam adam = new Adam(0.9, 0.999, 1e-8, Parametrization::clamped);

    Iterate end = minimized(adam, valley(1.5f), 60, 0.05);

    for (float value : end.variable().toFloatArray()) {
      assertThat(value).isEqualTo(1f);
    }
  }

  @Test
  void schedulesTheLearningRate() {
    Hyperparameters five =
        TestEngine.shallow("num_iterations=5\nlearning_rate=1\nlearning_rate_end=0.2");

    assertThat(rates(five, "constant")).containsExactly(1, 1, 1, 1, 1);
    assertThat(rates(five, "linear"))
        .containsExactly(new double[] {1, 0.8, 0.6, 0.4, 0.2}, within(1e-9));
    assertThat(rates(five, "cosine")[2]).isCloseTo(0.6, within(1e-9));
    assertThat(
            rates(
                TestEngine.with(five, "learning_rate_decay=0.5\nlearning_rate_decay_every=2"),
                "step"))
        .containsExactly(1, 1, 0.5, 0.5, 0.25);
  }

  private static double[] rates(Hyperparameters hyperparameters, String schedule) {
    Hyperparameters scheduled =
        TestEngine.with(hyperparameters, "learning_rate_schedule=" + schedule);
    double[] rates = new double[5];
    for (int step = 0; step < 5; step++) {
      rates[step] = LearningRates.at(scheduled, step);
    }
    return rates;
  }
}
