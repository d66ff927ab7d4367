package nst.engine;

import ai.djl.engine.EngineException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.SharedTargets;
import nst.engine.sizing.Sizing;
import nst.engine.source.SourceImages;
import nst.engine.source.StyleImage;
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
import nst.image.RgbImage;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Knob;
import nst.model.LossSample;
import nst.model.Preset;
import nst.model.TransferException;
import nst.model.knob.Effect;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Padding;
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

  /** The shortest side of the warm-up image in pixels. */
  private static final int WARM_UP_SIDE = 32;

  private final NetworkWeights weights;
  private final FilterBank filters;
  private final StyleNetworkBank styleNetworks;
  private final TensorOperations operations;
  private final DynamicBatcher batcher;
  private final TileSize tileSize;
  private final SharedTargets sharedTargets =
      new SharedTargets(STYLE_TARGET_BYTES, PHOTO_TARGET_BYTES);
  private final ConcurrentHashMap<Precision, Arithmetic> arithmetics = new ConcurrentHashMap<>();

  private StyleTransfer(
      TorchDevice device, NetworkWeights weights, int imagesTogether, TileSize tileSize) {
    this.device = device;
    this.weights = weights;
    this.batcher = new DynamicBatcher(imagesTogether);
    this.tileSize = tileSize;
    this.filters = new FilterBank(device.manager(), weights);
    this.styleNetworks = new StyleNetworkBank(device.manager());
    this.operations = TensorOperations.load(device.manager());
  }

  /** Creates an engine that computes each image alone. */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights) {
    return open(device, weights, 1);
  }

  /**
   * Creates an engine on a device. The device must stay open as long as the engine is used.
   *
   * @param imagesTogether the largest number of images of one shape in one pass through the
   *     network. As many threads must call {@link #stylize} at the same time. More than 1 uses a
   *     GPU better if images are small, but the last bits of results may differ between runs
   */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights, int imagesTogether) {
    return open(device, weights, imagesTogether, TileSize.NONE);
  }

  /**
   * The same with tiles.
   *
   * @param tileSize images that are larger are computed in tiles: the same picture, apart from
   *     rounding, in less memory and more time
   */
  public static StyleTransfer open(
      TorchDevice device, NetworkWeights weights, int imagesTogether, TileSize tileSize) {
    device.enter();
    return new StyleTransfer(device, weights, imagesTogether, tileSize);
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

  private StylizedImage onDevice(Supplier<StylizedImage> work) {
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
    Hyperparameters recipe = warmUpRecipe(rows.on(weights.backbone()));
    int side = recipe.imageSize();
    float[] ramp = new float[3 * side * side];
    float[] stripes = new float[ramp.length];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (float) i / ramp.length;
      stripes[i] = i % 2;
    }
    StyleImage style =
        new StyleImage(
            new RgbImage(side, side, stripes), 1, Optional.empty(), Optional.empty(), "warm-up");
    stylize(
        new SourceImages(new RgbImage(side, side, ramp), List.of(style), Optional.empty()),
        recipe,
        sample -> {});
  }

  private Hyperparameters warmUpRecipe(Hyperparameters rows) {
    Hyperparameters recipe =
        Preset.BALANCED.hyperparameters().with(Knob.NUM_ITERATIONS, 2).on(weights.backbone());
    if (rows.layers().stream().allMatch(layer -> layer.isIn(weights.backbone()))) {
      EnumMap<Knob, Object> used = new EnumMap<>(rows.values(Effect.FEATURES));
      Knob.ofLayers().forEach(knob -> used.put(knob, rows.values().get(knob)));
      recipe = recipe.with(used);
    } else if (weights.backbone() == Backbone.MOBILENET_V2) {
      recipe =
          recipe
              .with(Knob.PADDING, Padding.ZEROS)
              .with(Knob.CONTENT_LAYERS, "features7:1")
              .with(Knob.STYLE_LAYERS, "features1:1,features4:1");
    }
    // A Gram matrix needs more than one position.
    int stride = 2 * Sizing.leastSide(recipe);
    return recipe.with(Knob.IMAGE_SIZE, Math.max(WARM_UP_SIDE, stride));
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
