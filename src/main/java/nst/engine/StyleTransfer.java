package nst.engine;

import ai.djl.engine.EngineException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import nst.engine.network.Arithmetic;
import nst.engine.network.FilterBank;
import nst.engine.network.NetworkWeights;
import nst.engine.network.TensorOperations;
import nst.engine.objective.SourceImages;
import nst.engine.objective.StyleImage;
import nst.engine.objective.StyleTargets;
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
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Precision;

/**
 * Stylises images (Gatys, Ecker and Bethge 2016). One instance serves all threads of a JVM: it
 * holds the network once, and the style targets that its images share. The result of one image does
 * not depend on what runs beside it.
 */
public final class StyleTransfer implements AutoCloseable {
  /** A style costs 2.4 MB at VGG19's five layers: room for a hundred. */
  private static final long STYLE_TARGET_BYTES = 256L << 20;

  private final TorchDevice device;

  /** In pixels. */
  private static final int WARM_UP_SIDE = 32;

  private final NetworkWeights weights;
  private final FilterBank filters;
  private final TensorOperations operations;
  private final DynamicBatcher batcher;
  private final StyleTargets styleTargets = new StyleTargets(STYLE_TARGET_BYTES);
  private final ConcurrentHashMap<Precision, Arithmetic> arithmetics = new ConcurrentHashMap<>();

  private StyleTransfer(TorchDevice device, NetworkWeights weights, int imagesTogether) {
    this.device = device;
    this.weights = weights;
    this.batcher = new DynamicBatcher(imagesTogether);
    this.filters = new FilterBank(device.manager(), weights);
    this.operations = TensorOperations.load(device.manager());
  }

  /** An engine that computes every image by itself. */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights) {
    return open(device, weights, 1);
  }

  /**
   * An engine on the device, which must stay open as long as it.
   *
   * @param imagesTogether images of one shape that may share a pass through the network, where as
   *     many threads call {@link #stylize} at once. More than 1 fills a GPU that small images leave
   *     idle, and gives up equality of the last bits from run to run
   */
  public static StyleTransfer open(TorchDevice device, NetworkWeights weights, int imagesTogether) {
    device.enter();
    return new StyleTransfer(device, weights, imagesTogether);
  }

  public NetworkWeights weights() {
    return weights;
  }

  /** {@link #stylize(SourceImages, Hyperparameters, Consumer, Instant)} with no deadline. */
  public StylizedImage stylize(
      SourceImages images, Hyperparameters hyperparameters, Consumer<LossSample> onIteration) {
    return stylize(images, hyperparameters, onIteration, Instant.MAX);
  }

  /**
   * Stylises one image on the calling thread.
   *
   * @param onIteration sees every iterate's losses as they come
   * @param deadline when to give up
   * @throws TransferException IMAGE_TOO_SMALL, INVALID_PARAMETER, NON_FINITE_LOSS, OUT_OF_MEMORY,
   *     DEVICE_LOST, TIMEOUT
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which it
   *     stays; or if the JVM is ending
   */
  public StylizedImage stylize(
      SourceImages images,
      Hyperparameters hyperparameters,
      Consumer<LossSample> onIteration,
      Instant deadline) {
    RunningImages.begin();
    try {
      try (ImageOptimization stylization =
          stylization(images, hyperparameters, onIteration, deadline)) {
        return stylization.run();
      } finally {
        device.release(); // after a fault of the device this fails as well
      }
    } catch (EngineException e) {
      throw EngineFault.of(e);
    } finally {
      RunningImages.done();
    }
  }

  /**
   * Stylises a few pixels. Whatever libtorch prepares at the first use of an operation, a GPU's
   * kernels above all, is then there when the first image comes.
   */
  public void warmUp() {
    float[] ramp = new float[3 * WARM_UP_SIDE * WARM_UP_SIDE];
    float[] stripes = new float[ramp.length];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (float) i / ramp.length;
      stripes[i] = i % 2;
    }
    StyleImage style =
        new StyleImage(
            new RgbImage(WARM_UP_SIDE, WARM_UP_SIDE, stripes),
            1,
            Optional.empty(),
            Optional.empty(),
            "warm-up");
    stylize(
        new SourceImages(
            new RgbImage(WARM_UP_SIDE, WARM_UP_SIDE, ramp), List.of(style), Optional.empty()),
        warmUpRecipe(),
        sample -> {});
  }

  private Hyperparameters warmUpRecipe() {
    Hyperparameters recipe =
        Preset.BALANCED
            .hyperparameters()
            .with(Knob.BACKBONE, weights.backbone())
            .with(Knob.IMAGE_SIZE, WARM_UP_SIDE)
            .with(Knob.NUM_ITERATIONS, 2);
    return switch (weights.backbone()) {
      case AUTO, VGG19, VGG16 -> recipe;
      case MOBILENET_V2 ->
          recipe
              .with(Knob.PADDING, Padding.ZEROS)
              .with(Knob.CONTENT_LAYERS, "features7:1")
              .with(Knob.STYLE_LAYERS, "features1:1,features4:1");
    };
  }

  private ImageOptimization stylization(
      SourceImages images,
      Hyperparameters hyperparameters,
      Consumer<LossSample> onIteration,
      Instant deadline) {
    Hyperparameters resolved = withPrecision(onThisNetwork(hyperparameters));
    device.enter();
    Arithmetic arithmetic = arithmetic(resolved.precision());
    return new ImageOptimization(
        device.manager(),
        filters.network(arithmetic, resolved),
        arithmetic,
        styleTargets,
        batcher,
        images,
        resolved,
        onIteration,
        deadline);
  }

  /** The gradient at the start image, by the optimised variable: (3, height, width). */
  double[] startGradient(SourceImages images, Hyperparameters hyperparameters) {
    try (ImageOptimization stylization =
        stylization(images, hyperparameters, sample -> {}, Instant.MAX)) {
      return stylization.startGradient();
    }
  }

  /** With {@code backbone=auto} a recipe takes this engine's network, whichever it is. */
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

  /** How often the network was run for a gradient. */
  long passes() {
    return batcher.passes();
  }

  /** Bytes of style targets that are kept for images to come. */
  long styleTargetBytes() {
    return styleTargets.keptBytes();
  }

  @Override
  public void close() {
    filters.close();
  }
}
