package nst.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.FeatureExtractor;
import nst.engine.objective.SharedTargets;
import nst.engine.source.SourceImages;
import nst.engine.stylenetwork.NetworkStart;
import nst.engine.stylenetwork.StyleNetwork;
import nst.engine.stylenetwork.StyleNetworkBank;
import nst.engine.stylenetwork.StyleNetworkTrainer;
import nst.engine.stylenetwork.TrainingCheckpoint;
import nst.engine.stylenetwork.TrainingSetup;
import nst.engine.tile.TileSize;
import nst.engine.torch.DeviceName;
import nst.engine.torch.EngineFault;
import nst.engine.torch.Precisions;
import nst.engine.torch.TorchDevice;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.TransferException;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Stylises images (Gatys, Ecker and Bethge 2016). All threads of a JVM share one instance. It
 * contains the network and the targets that images share. The result of an image does not depend on
 * other images that run at the same time.
 */
public final class StyleTransfer implements AutoCloseable {
  /**
   * The style targets of five layers of VGG19 need 2.4 MB, so this is enough for a hundred styles.
   */
  private static final long STYLE_TARGET_BYTES = 256L << 20;

  /**
   * The maps of a photo of 1024 px and of its smaller scales need 50 MB with the default preset, so
   * this is enough for two threads with a photo each.
   */
  private static final long PHOTO_TARGET_BYTES = 100L << 20;

  private final TorchDevice device;

  private final NetworkWeights weights;
  private final FilterBank filters;
  private final StyleNetworkBank styleNetworks;
  private final TensorOperations operations;
  private final DynamicBatcher batcher;
  private final TileSize tileSize;
  private final SharedTargets sharedTargets;
  private final ConcurrentHashMap<Precision, Arithmetic> arithmetics;

  private StyleTransfer(TorchDevice device, NetworkWeights weights, TileSize tileSize) {
    this.device = device;
    this.weights = weights;
    this.batcher = new DynamicBatcher(1);
    this.tileSize = tileSize;
    this.filters = new FilterBank(device.manager(), weights);
    this.styleNetworks = new StyleNetworkBank(device.manager());
    this.operations = TensorOperations.load(device.manager());
    this.sharedTargets = new SharedTargets(STYLE_TARGET_BYTES, PHOTO_TARGET_BYTES);
    this.arithmetics = new ConcurrentHashMap<>();
  }

  private StyleTransfer(StyleTransfer engine, DynamicBatcher batcher) {
    this.device = engine.device;
    this.weights = engine.weights;
    this.batcher = batcher;
    this.tileSize = engine.tileSize;
    this.filters = engine.filters;
    this.styleNetworks = engine.styleNetworks;
    this.operations = engine.operations;
    this.sharedTargets = engine.sharedTargets;
    this.arithmetics = engine.arithmetics;
  }

  /** Creates an engine that computes each image alone and whole. */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights) {
    return open(device, weights, TileSize.NONE);
  }

  /**
   * Creates an engine on a device. The device must stay open as long as the engine is used.
   *
   * @param tileSize images that are larger are computed in tiles: the same picture, apart from
   *     rounding, in less memory and more time
   */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights, TileSize tileSize) {
    device.enter();
    return new StyleTransfer(device, weights, tileSize);
  }

  /**
   * This engine for threads that compute images together: images of one shape share passes through
   * the network. It uses the memory of this engine, and is closed with it.
   *
   * @param images the largest number of images in one pass. As many threads must call {@link
   *     #stylize} at the same time. More than 1 is faster if images are small, but the last bits of
   *     results may differ between runs
   */
  public StyleTransfer withBatchesOf(int images) {
    return new StyleTransfer(this, new DynamicBatcher(images));
  }

  /**
   * Measures how fast one image and several images in a pass are.
   *
   * @param hyperparameters of a typical image
   * @param size of its picture
   * @param most the largest number of images in one pass that is tried
   */
  public BatchCurve batchCurve(Hyperparameters hyperparameters, Size size, int most) {
    Hyperparameters resolved = withPrecision(onThisNetwork(hyperparameters));
    return onDevice(
        () -> {
          device.enter();
          Arithmetic arithmetic = arithmetic(resolved.precision());
          try (NDManager manager = device.manager().newSubManager()) {
            FeatureExtractor features =
                new FeatureExtractor(
                    manager, filters.network(arithmetic, resolved), arithmetic, tileSize);
            return BatchCurve.measured(features, resolved, size, most);
          }
        });
  }

  public NetworkWeights weights() {
    return weights;
  }

  /** {@link #stylize(SourceImages, Hyperparameters, Consumer, Instant)} with no deadline. */
  public StylizedImage stylize(
      SourceImages images, Hyperparameters hyperparameters, Consumer<LossSample> onIteration) {
    return stylize(images, hyperparameters, onIteration, Instant.MAX);
  }

  /** The same for an image that starts from no style network, with the losses of its iterates. */
  public StylizedImage stylize(
      SourceImages images,
      Hyperparameters hyperparameters,
      Consumer<LossSample> onIteration,
      Instant deadline) {
    return stylize(
        images,
        Optional.empty(),
        hyperparameters,
        (sample, picture) -> onIteration.accept(sample),
        deadline);
  }

  /**
   * Stylises one image on the calling thread.
   *
   * @param start the style network of {@code init=network}
   * @param onIteration receives every iterate when its losses are computed
   * @param deadline the time at which the optimisation is cancelled
   * @throws TransferException IMAGE_TOO_SMALL, INVALID_PARAMETER, NON_FINITE_LOSS, OUT_OF_MEMORY,
   *     DEVICE_LOST, TIMEOUT
   * @throws java.util.concurrent.CancellationException if the thread is interrupted (its interrupt
   *     status stays set) or the JVM is ending
   */
  public StylizedImage stylize(
      SourceImages images,
      Optional<NetworkStart> start,
      Hyperparameters hyperparameters,
      IterateListener onIteration,
      Instant deadline) {
    return onDevice(
        () -> {
          try (ImageOptimization stylization =
              stylization(images, start, hyperparameters, onIteration, deadline)) {
            return stylization.run();
          }
        });
  }

  /**
   * The picture of a style network, for {@code num_iterations=0}, without its losses. The pixels
   * are those of {@link #stylize}, which takes longer because it measures the losses.
   *
   * @throws TransferException IMAGE_TOO_SMALL, INVALID_PARAMETER, OUT_OF_MEMORY, DEVICE_LOST
   */
  public StylizedImage picture(
      SourceImages images, NetworkStart start, Hyperparameters hyperparameters) {
    return onDevice(
        () -> {
          Hyperparameters resolved = withPrecision(onThisNetwork(hyperparameters));
          device.enter();
          Arithmetic arithmetic = arithmetic(resolved.precision());
          return NetworkPicture.of(
              images, photo -> styleNetworks.picture(start, photo, arithmetic), resolved);
        });
  }

  private <T> T onDevice(Supplier<T> work) {
    RunningImages.begin();
    try {
      try {
        return work.get();
      } finally {
        device.release(); // this also fails after a device error
      }
    } catch (EngineException e) {
      throw EngineFault.of(e);
    } finally {
      RunningImages.done();
    }
  }

  /**
   * Stylises a few pixels, so that libtorch's initialisation at the first use of an operation, such
   * as loading GPU kernels, does not delay the first image. Of the network it uses, and so loads,
   * what such rows use.
   *
   * @param rows typical rows; if they do not suit this network, a few layers of it are used
   */
  public void warmUp(Hyperparameters rows) {
    Hyperparameters recipe = WarmUpRecipe.of(rows.on(weights.backbone()), weights.backbone());
    Size size = new Size(recipe.imageSize(), recipe.imageSize());
    stylize(SyntheticImages.of(size), recipe, sample -> {});
  }

  /**
   * Begins to train a style network, or continues.
   *
   * @param from where to continue; empty to begin
   */
  public NetworkTraining training(TrainingSetup setup, Optional<TrainingCheckpoint> from) {
    Hyperparameters resolved = withPrecision(onThisNetwork(setup.objective()));
    device.enter();
    Arithmetic arithmetic = arithmetic(resolved.precision());
    StyleNetwork network =
        from.map(checkpoint -> checkpoint.network().on(device.manager()))
            .orElseGet(
                () ->
                    setup
                        .begin()
                        .map(begin -> begin.on(device.manager()))
                        .orElseGet(
                            () ->
                                StyleNetwork.untrained(
                                    device.manager(),
                                    setup.architecture(),
                                    setup.looks().size(),
                                    setup.seed())));
    StyleNetworkTrainer trainer =
        new StyleNetworkTrainer(
            device,
            device.name().kind() == DeviceName.Kind.CPU ? setup.workers() : 1,
            network,
            filters.network(arithmetic, resolved),
            arithmetic,
            sharedTargets,
            setup.looks(),
            resolved);
    from.ifPresent(trainer::resume);
    return new DeviceTraining(network, trainer);
  }

  private ImageOptimization stylization(
      SourceImages images,
      Optional<NetworkStart> start,
      Hyperparameters hyperparameters,
      IterateListener onIteration,
      Instant deadline) {
    Hyperparameters resolved = withPrecision(onThisNetwork(hyperparameters));
    device.enter();
    Arithmetic arithmetic = arithmetic(resolved.precision());
    return new ImageOptimization(
        device.manager(),
        filters.network(arithmetic, resolved),
        arithmetic,
        sharedTargets,
        batcher,
        tileSize,
        images,
        photo ->
            styleNetworks.picture(start.orElseThrow(StyleTransfer::noNetwork), photo, arithmetic),
        resolved,
        onIteration,
        deadline);
  }

  private static IllegalArgumentException noNetwork() {
    return new IllegalArgumentException("expected a style network with init=network, was none");
  }

  /**
   * For tests: the gradient at the start image with respect to the optimised variable, (3, height,
   * width).
   */
  double[] startGradient(SourceImages images, Hyperparameters hyperparameters) {
    try (ImageOptimization stylization =
        stylization(
            images, Optional.empty(), hyperparameters, (sample, picture) -> {}, Instant.MAX)) {
      return stylization.startGradient();
    }
  }

  /** Replaces {@code backbone=auto} by the network of this engine. */
  private Hyperparameters onThisNetwork(Hyperparameters hyperparameters) {
    if (hyperparameters.backbone() == Backbone.AUTO) {
      return hyperparameters.on(weights.backbone());
    }
    if (hyperparameters.backbone() != weights.backbone()) {
      throw new TransferException(
          ErrorCode.INVALID_PARAMETER,
          "Invalid backbone: expected "
              + weights.backbone().name().toLowerCase(Locale.ROOT)
              + ", whose weights are loaded, was "
              + hyperparameters.backbone().name().toLowerCase(Locale.ROOT));
    }
    for (Layer layer : hyperparameters.layers()) {
      if (!layer.isIn(weights.backbone())) {
        throw new TransferException(
            ErrorCode.INVALID_PARAMETER,
            "Invalid layers: expected layers of "
                + weights.backbone().name().toLowerCase(Locale.ROOT)
                + ", was "
                + layer.label());
      }
    }
    return hyperparameters;
  }

  /** With {@code precision=auto} a recipe takes the precision that suits this device. */
  private Hyperparameters withPrecision(Hyperparameters hyperparameters) {
    return hyperparameters.with(
        Knob.PRECISION, Precisions.effective(hyperparameters, device.name()));
  }

  private Arithmetic arithmetic(Precision precision) {
    return arithmetics.computeIfAbsent(precision, kind -> new Arithmetic(kind, operations));
  }

  /** For tests: the number of passes through the network with a gradient. */
  long passes() {
    return batcher.passes();
  }

  /** For tests: the number of convolutions whose filters are on the device. */
  int filters() {
    return filters.count();
  }

  /** For tests: the size of the cached targets of styles, in bytes. */
  long sharedStyleBytes() {
    return sharedTargets.styleBytes();
  }

  /** For tests: the size of the cached maps of photos, in bytes. */
  long sharedPhotoBytes() {
    return sharedTargets.photoBytes();
  }

  @Override
  public void close() {
    styleNetworks.close();
    filters.close();
  }
}
