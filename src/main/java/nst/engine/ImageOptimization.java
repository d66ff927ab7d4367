package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import nst.engine.factor.LayerSchedule;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.network.ImageTensors;
import nst.engine.objective.Evaluation;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.LossTerms;
import nst.engine.objective.Objective;
import nst.engine.objective.Parametrization;
import nst.engine.objective.Point;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.optimizer.Convergence;
import nst.engine.optimizer.Iterate;
import nst.engine.optimizer.IterateSelection;
import nst.engine.optimizer.LearningRates;
import nst.engine.optimizer.Minimizer;
import nst.engine.optimizer.Minimizers;
import nst.engine.optimizer.StopReason;
import nst.engine.sizing.Pyramid;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.tile.TileSize;
import nst.engine.torch.ResidentMemory;
import nst.engine.torch.Scalars;
import nst.image.OriginalColors;
import nst.image.Resampler;
import nst.image.RgbImage;
import nst.image.Rounding;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.knob.OptimizerChoices.Bounds;
import nst.model.knob.OptimizerChoices.Keep;
import nst.model.knob.OptimizerChoices.Optimizer;
import nst.model.knob.SizeChoices.ScaleState;

/** Optimises one image, from coarse to fine. An instance is used once, by one thread. */
final class ImageOptimization implements AutoCloseable {
  private final NDManager manager; // owns every tensor of this image
  private final FeatureNetwork network;
  private final Arithmetic arithmetic;
  private final SharedTargets sharedTargets;
  private final DynamicBatcher batcher;
  private final TileSize tileSize;
  private final SourceImages images;
  private final UnaryOperator<RgbImage> styleNetwork; // for init=network
  private final Hyperparameters hyperparameters;
  private final IterateListener onIteration;
  private final Instant deadline;
  private final Parametrization coordinates;
  private final Minimizer minimizer;
  private final List<LossSample> losses = new ArrayList<>();
  private final Instant began = Instant.now();

  /** One scale's optimisation. */
  private record Stage(Objective objective, Size size, DynamicBatcher.Place place)
      implements AutoCloseable {
    @Override
    public void close() {
      place.close();
    }
  }

  private int iterations;
  private int evaluations;
  private StopReason stopReason = StopReason.ITERATIONS;

  ImageOptimization(
      NDManager parent,
      FeatureNetwork network,
      Arithmetic arithmetic,
      SharedTargets sharedTargets,
      DynamicBatcher batcher,
      TileSize tileSize,
      SourceImages images,
      UnaryOperator<RgbImage> styleNetwork,
      Hyperparameters hyperparameters,
      IterateListener onIteration,
      Instant deadline) {
    this.manager = parent.newSubManager();
    this.network = network;
    this.arithmetic = arithmetic;
    this.sharedTargets = sharedTargets;
    this.batcher = batcher;
    this.tileSize = tileSize;
    this.images = images;
    this.styleNetwork = styleNetwork;
    this.hyperparameters = hyperparameters;
    this.onIteration = onIteration;
    this.deadline = deadline;
    this.coordinates = Parametrization.of(hyperparameters);
    this.minimizer = minimizer();
  }

  private Minimizer minimizer() {
    UnaryOperator<NDArray> projection =
        hyperparameters.bounds() == Bounds.PROJECTED
            ? coordinates::projected
            : UnaryOperator.identity();
    return Minimizers.of(hyperparameters, projection);
  }

  /** Optimises the image and computes the losses of the image as saved. */
  StylizedImage run() {
    Size full = fullSize();
    Optional<RgbImage> carried = Optional.empty();
    Optional<StylizedImage> result = Optional.empty();
    for (Pyramid.Scale scale : Sizing.scales(full, hyperparameters).scales()) {
      boolean last = scale.size().equals(full);
      ScaleSetup scene = scene(full, scale.size());
      RgbImage start =
          carried
              .map(image -> Resampler.resize(image, scale.size().width(), scale.size().height()))
              .orElseGet(() -> start(scene));
      if (stopReason != StopReason.TIME || last) {
        Objective objective = scene.objective(coordinates);
        RgbImage optimized;
        try (Stage stage = stage(objective, scale.size())) {
          optimized = optimized(stage, start, scale.iterations());
        }
        carried = Optional.of(optimized);
        if (last) {
          result = Optional.of(stylized(objective, optimized, scene.content()));
        }
      }
    }
    return result.orElseThrow();
  }

  /** The gradient at the start of the first scale, for comparisons with a reference program. */
  double[] startGradient() {
    Size full = fullSize();
    Size first = Sizing.scales(full, hyperparameters).scales().get(0).size();
    ScaleSetup scene = scene(full, first);
    try (Stage stage = stage(scene.objective(coordinates), first);
        Iterate iterate = begun(stage, start(scene))) {
      return Scalars.values(iterate.evaluation().gradient());
    }
  }

  private RgbImage start(ScaleSetup scene) {
    return StartImage.of(hyperparameters, images, scene.content(), styleNetwork);
  }

  private Size fullSize() {
    Size full = Sizing.working(images.content().size(), hyperparameters);
    Sizing.requireLargeEnough("content", full, hyperparameters);
    return full;
  }

  private ScaleSetup scene(Size full, Size size) {
    return new ScaleSetup(
        new FeatureExtractor(manager, network, arithmetic, tileSize),
        sharedTargets,
        images,
        hyperparameters,
        full,
        size);
  }

  private Stage stage(Objective objective, Size size) {
    return new Stage(objective, size, batcher.join(DynamicBatcher.Kind.of(hyperparameters, size)));
  }

  private RgbImage optimized(Stage stage, RgbImage start, int steps) {
    if (hyperparameters.scaleState() == ScaleState.FRESH) {
      minimizer.close();
    }
    Convergence convergence = new Convergence(hyperparameters);
    try (IterateSelection keeper = new IterateSelection(hyperparameters)) {
      Iterate iterate = begun(stage, start);
      try {
        if (steps == 0) {
          return start; // exactly: its variable may be rounded
        }
        convergence.offer(keep(keeper, stage.objective(), iterate));
        for (int step = 0; step < steps && goesOn(convergence); step++) {
          Optional<Iterate> next = next(stage, iterate);
          if (next.isEmpty()) {
            stopReason = StopReason.STALLED;
            break;
          }
          iterate.close();
          iterate = next.get();
          convergence.offer(keep(keeper, stage.objective(), iterate));
        }
        return ImageTensors.image(keeper.kept());
      } finally {
        iterate.close();
      }
    }
  }

  private boolean goesOn(Convergence convergence) {
    double seconds = hyperparameters.maxSeconds();
    if (seconds > 0 && elapsed().toNanos() > seconds * 1e9) {
      stopReason = StopReason.TIME;
      return false;
    }
    if (convergence.reached()) {
      stopReason = StopReason.CONVERGED;
      return false;
    }
    stopReason = StopReason.ITERATIONS;
    return true;
  }

  private Iterate begun(Stage stage, RgbImage start) {
    NDArray variable;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      variable = coordinates.fromPixels(arithmetic.pixels(manager, start));
      NDScope.unregister(variable);
    }
    rescaleMemory(stage.size());
    double firstStep = LearningRates.at(hyperparameters, iterations);
    Iterate iterate = new Iterate(variable, evaluate(stage, variable), firstStep);
    report(iterate, stage.size());
    return iterate;
  }

  /** Resamples the optimiser's memory of the last scale to the size of this one. */
  private void rescaleMemory(Size size) {
    if (losses.isEmpty()) {
      return;
    }
    // The gradient of a pixel is smaller if there are more pixels.
    double longer = size.longest() / (double) losses.get(losses.size() - 1).scale();
    minimizer.rescale(
        variable -> ImageTensors.resampled(variable, size),
        gradient -> {
          try (NDArray resampled = ImageTensors.resampled(gradient, size)) {
            return Scalars.times(1 / (longer * longer), resampled);
          }
        });
  }

  private Optional<Iterate> next(Stage stage, Iterate from) {
    double learningRate = LearningRates.at(hyperparameters, iterations);
    iterations++;
    Optional<Iterate> next = stepped(stage, from, learningRate);
    if (next.isEmpty()) {
      iterations--;
    }
    next.ifPresent(iterate -> report(iterate, stage.size()));
    return next;
  }

  private Optional<Iterate> stepped(Stage stage, Iterate from, double learningRate) {
    boolean comparesLosses = hyperparameters.optimizer() == Optimizer.LBFGS;
    if (!comparesLosses || !LayerSchedule.moves(hyperparameters)) {
      return minimizer.step(variable -> evaluate(stage, variable), from, learningRate);
    }
    // The layer weights have changed: a line search must compare losses with the same weights.
    Evaluation again = evaluate(stage, from.variable());
    try {
      Iterate same = new Iterate(from.variable(), again, from.stepSize());
      return minimizer.step(variable -> evaluate(stage, variable), same, learningRate);
    } finally {
      again.gradient().close();
    }
  }

  private Evaluation evaluate(Stage stage, NDArray variable) {
    requireTime();
    evaluations++;
    return stage.place().evaluate(new Point(stage.objective(), variable, progress()));
  }

  /** 0 at the first iterate, 1 at the last iterate with a gradient. */
  private double progress() {
    return Math.min(1, iterations / (double) Math.max(1, hyperparameters.numIterations() - 1));
  }

  private void requireTime() {
    RunningImages.requireNotEnding();
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted at iteration " + iterations);
    }
    if (Instant.now().isAfter(deadline)) {
      throw new TransferException(
          ErrorCode.TIMEOUT,
          "The deadline passed at iteration "
              + iterations
              + " of "
              + hyperparameters.numIterations()
              + ", after "
              + elapsed().toSeconds()
              + " s");
    }
  }

  private void report(Iterate iterate, Size size) {
    Evaluation evaluation = iterate.evaluation();
    if (!evaluation.isFinite()) {
      throw new TransferException(
          ErrorCode.NON_FINITE_LOSS,
          "Cannot continue from iteration "
              + iterations
              + " at "
              + size.longest()
              + " px: "
              + evaluation.terms()
              + ", gradient norm "
              + evaluation.gradientNorm());
    }
    LossSample sample =
        sample(evaluation.terms(), size, evaluation.gradientNorm(), iterate.stepSize());
    losses.add(sample);
    onIteration.computed(sample, () -> coordinates.picture(iterate.variable()));
  }

  private LossSample sample(LossTerms terms, Size size, double gradientNorm, double learningRate) {
    return new LossSample(
        size.longest(),
        iterations,
        evaluations,
        terms.content(),
        terms.style(),
        terms.totalVariation(),
        terms.total(),
        terms.styleByLayer(),
        gradientNorm,
        learningRate,
        elapsed().toMillis());
  }

  private Duration elapsed() {
    return Duration.between(began, Instant.now());
  }

  /** Offers an iterate to the selection and returns its clamped loss if it is needed. */
  private double keep(IterateSelection keeper, Objective objective, Iterate iterate) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray pixels = Parametrization.clamped(coordinates.toPixels(iterate.variable()));
      double total = iterate.evaluation().terms().total();
      boolean asked = hyperparameters.keep() == Keep.BEST || hyperparameters.tolerance() > 0;
      if (asked && hyperparameters.bounds() != Bounds.PROJECTED) {
        total = objective.score(pixels, progress()).total();
      }
      keeper.offer(pixels, total);
      return total;
    }
  }

  /**
   * @param content the photo in the size of the image
   */
  private StylizedImage stylized(Objective objective, RgbImage optimized, RgbImage content) {
    RgbImage image =
        OriginalColors.of(hyperparameters.originalColors(), optimized, content)
            .withAlpha(content.alpha());
    LossTerms terms;
    RgbImage rounded = Rounding.toBits(image, hyperparameters.outputFormat().bits());
    try (NDArray pixels = arithmetic.pixels(manager, rounded)) {
      terms = objective.score(pixels, 1);
    }
    Size size = new Size(content.width(), content.height());
    LossSample last = losses.get(losses.size() - 1);
    return new StylizedImage(
        image,
        losses,
        Optional.of(sample(terms, size, last.gradientNorm(), last.learningRate())),
        iterations,
        evaluations,
        stopReason,
        arithmetic.precision(),
        ResidentMemory.highWaterMark());
  }

  @Override
  public void close() {
    minimizer.close();
    manager.close();
  }
}
