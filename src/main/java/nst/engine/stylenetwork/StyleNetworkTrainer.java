package nst.engine.stylenetwork;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import nst.concurrent.Threads;
import nst.engine.network.Arithmetic;
import nst.engine.network.FeatureNetwork;
import nst.engine.objective.Evaluation;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.LossTerms;
import nst.engine.objective.Objective;
import nst.engine.objective.ScaleSetup;
import nst.engine.objective.SharedTargets;
import nst.engine.source.SourceImages;
import nst.engine.torch.TorchDevice;
import nst.image.RgbImage;
import nst.image.Size;
import nst.model.Hyperparameters;

/**
 * Trains a style network on the objective that images are optimised by: the same terms, targets and
 * normalisation, averaged over photos (Johnson, Alahi and Fei-Fei 2016, eq. 5). The objective gives
 * the gradient by the network's output, and autograd goes on to the parameters.
 */
public final class StyleNetworkTrainer implements AutoCloseable {
  /** A longer gradient is scaled down to this norm: crops with little contrast have huge ones. */
  private static final double LONGEST_GRADIENT = 10;

  private final StyleNetwork network;
  private final FeatureNetwork features;
  private final Arithmetic arithmetic;
  private final SharedTargets sharedTargets;
  private final List<TrainingLook> looks;
  private final Hyperparameters hyperparameters;
  private final TorchDevice device;
  private final ExecutorService workers;
  private final PreparedCrops prepared;
  private OptimizerState optimizer;

  /**
   * Begins with the optimiser's moments at zero.
   *
   * @param workers samples that are computed at once; more than 1 on a CPU only. The result does
   *     not depend on it
   * @param features the backbone
   * @param looks of the network, in its order
   * @param hyperparameters of the objective; what belongs to an optimiser of pixels is not used
   */
  public StyleNetworkTrainer(
      TorchDevice device,
      int workers,
      StyleNetwork network,
      FeatureNetwork features,
      Arithmetic arithmetic,
      SharedTargets sharedTargets,
      List<TrainingLook> looks,
      Hyperparameters hyperparameters) {
    if (looks.size() != network.looks()) {
      throw new IllegalArgumentException(
          "expected " + network.looks() + " looks, was " + looks.size());
    }
    this.device = device;
    this.workers = Executors.newFixedThreadPool(workers, Threads.daemon("style-network-training"));
    this.network = network;
    this.features = features;
    this.arithmetic = arithmetic;
    this.sharedTargets = sharedTargets;
    this.looks = List.copyOf(looks);
    this.hyperparameters = hyperparameters;
    this.prepared = new PreparedCrops(network.manager(), this::objective);
    this.optimizer = OptimizerState.zero(network);
  }

  /**
   * What one image adds to a step.
   *
   * @param terms of the network's picture
   * @param gradient by each parameter, in the order of {@link StyleNetwork#parameters}
   */
  record SampleGradient(LossTerms terms, List<NDArray> gradient) {}

  /**
   * What a step saw.
   *
   * @param terms of each sample before the step
   * @param gradientNorm of the mean gradient. If it is not finite, the step changed nothing
   */
  public record Step(List<LossTerms> terms, double gradientNorm) {}

  /**
   * One step of the optimiser, see {@link StyleNetworkOperations#update}.
   *
   * @param samples whose gradients are averaged, always in this order
   */
  public Step step(List<TrainingSample> samples, double learningRate) {
    try (NDManager manager = network.manager().newSubManager()) {
      List<SampleGradient> gradients = together(samples, sample -> gradient(manager, sample));
      List<NDArray> sum = gradients.get(0).gradient();
      for (SampleGradient other : gradients.subList(1, gradients.size())) {
        for (int i = 0; i < sum.size(); i++) {
          sum.get(i).addi(other.gradient().get(i));
        }
      }
      double norm =
          optimizer.step(network.parameters(), sum, learningRate, samples.size(), LONGEST_GRADIENT);
      prepared.keepOnly(Math.max(CropSampler.WINDOW, samples.size()));
      return new Step(gradients.stream().map(SampleGradient::terms).toList(), norm);
    }
  }

  /** Computes samples on the workers; the results are in the order of the samples. */
  private <T> List<T> together(
      List<TrainingSample> samples, Function<TrainingSample, T> computation) {
    List<Future<T>> begun = new ArrayList<>();
    for (TrainingSample sample : samples) {
      begun.add(workers.submit(() -> computation.apply(sample)));
    }
    List<T> results = new ArrayList<>();
    try {
      for (Future<T> one : begun) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw Threads.rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted after " + steps() + " steps of training");
    } finally {
      begun.forEach(one -> one.cancel(false));
    }
  }

  /** Its tensors belong to the manager, which belongs to a step. */
  SampleGradient gradient(NDManager step, TrainingSample sample) {
    device.enter();
    try (NDManager manager = step.newSubManager()) {
      Objective objective = // before the scope, which would close tensors that are kept
          sample.crop() == TrainingSample.ONCE
              ? objective(manager, sample)
              : prepared.objective(sample);
      return gradient(step, manager, objective, sample);
    }
  }

  private SampleGradient gradient(
      NDManager step, NDManager manager, Objective objective, TrainingSample sample) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<NDArray> leaves =
          network.parameters().stream().map(parameter -> leaf(parameter)).toList();
      NDArray photo = arithmetic.enter(arithmetic.pixels(manager, sample.photo()));
      NDArray logits =
          TorchDevice.recorded(() -> network.forward(photo, share(sample.look()), leaves));
      Evaluation evaluation = objective.evaluate(logits.stopGradient(), 1);
      JniUtils.backward((PtNDArray) logits, (PtNDArray) evaluation.gradient(), false, false);
      List<NDArray> gradient = new ArrayList<>();
      for (NDArray leaf : leaves) {
        NDArray byLeaf = leaf.getGradient();
        byLeaf.attach(step);
        NDScope.unregister(byLeaf);
        gradient.add(byLeaf);
      }
      return new SampleGradient(evaluation.terms(), gradient);
    }
  }

  /** The same values as a tensor of its own, so that samples do not share a gradient. */
  private static NDArray leaf(NDArray parameter) {
    NDArray leaf = parameter.duplicate();
    leaf.setName(parameter.getName());
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private Objective objective(NDManager manager, TrainingSample sample) {
    TrainingLook look = looks.get(sample.look());
    return ScaleSetup.ofCrop(
            new FeatureExtractor(manager, features, arithmetic),
            sharedTargets,
            new SourceImages(sample.photo(), look.styles(), Optional.empty()),
            hyperparameters,
            new Size(look.imageSize(), look.imageSize()))
        .objective(StyleNetwork.COORDINATES);
  }

  private float[] share(int look) {
    float[] shares = new float[network.looks()];
    shares[look] = 1;
    return shares;
  }

  /** The terms of the network's pictures of samples. Nothing is changed. */
  public List<LossTerms> losses(List<TrainingSample> samples) {
    return together(samples, this::losses);
  }

  private LossTerms losses(TrainingSample sample) {
    device.enter();
    try (NDManager manager = network.manager().newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Objective objective = objective(manager, sample);
      NDArray photo = arithmetic.enter(arithmetic.pixels(manager, sample.photo()));
      NDArray logits = network.forward(photo, share(sample.look()));
      return objective.score(StyleNetwork.COORDINATES.toPixels(logits), 1);
    }
  }

  /** The network's picture of a photo, of the same size. */
  public RgbImage picture(TrainingSample sample) {
    device.enter();
    return network.picture(sample.photo(), share(sample.look()), arithmetic);
  }

  /** The training as it is now. */
  public TrainingCheckpoint checkpoint(String recipe) {
    return new TrainingCheckpoint(
        StyleNetworkFile.of(network, recipe), optimizer.tensors(network), optimizer.steps());
  }

  /**
   * Goes on from a checkpoint, whose network this trainer must have been made with.
   *
   * @throws IllegalStateException if this trainer has made steps already
   */
  public void resume(TrainingCheckpoint checkpoint) {
    if (optimizer.steps() > 0) {
      throw new IllegalStateException(
          "expected a new trainer, was one of " + optimizer.steps() + " steps");
    }
    optimizer.close();
    optimizer = OptimizerState.of(network, checkpoint.moments(), checkpoint.steps());
  }

  /** Steps that changed the parameters. */
  public long steps() {
    return optimizer.steps();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    prepared.close();
    optimizer.close();
  }
}
