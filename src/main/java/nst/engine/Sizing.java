package nst.engine;

import java.util.Map;
import java.util.Set;
import nst.engine.Architecture.Geometry;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.Hyperparameters.Precision;
import nst.model.Hyperparameters.SizeRule;
import nst.model.Layer;
import nst.model.TransferException;

/**
 * How large an image is worked on, and what that costs: pure arithmetic, for the engine and for
 * whoever plans a catalogue without a device.
 */
public final class Sizing {

  /** Pixels. */
  public record Size(int width, int height) {
    public int longest() {
      return Math.max(width, height);
    }

    public int shortest() {
      return Math.min(width, height);
    }

    public long area() {
      return (long) width * height;
    }

    /** Both sides times a factor, rounded, at least 1. */
    public Size times(double factor) {
      return new Size(
          (int) Math.max(1, Math.round(width * factor)),
          (int) Math.max(1, Math.round(height * factor)));
    }
  }

  /** What a photo is taken for whose size is not known yet. */
  public static final Size UNKNOWN_CONTENT = new Size(4000, 3000);

  /** Gradient by the map costs as much as the convolution itself; filters have no gradient. */
  private static final int FORWARD_AND_BACKWARD = 2;

  /** Evaluations without a gradient cost half: content, style, and the image as saved. */
  private static final double FORWARD_ONLY = 3.0 / FORWARD_AND_BACKWARD;

  private Sizing() {}

  /** The size that a photo is stylised at. */
  public static Size working(Size content, Hyperparameters hyperparameters) {
    return ruled(content, hyperparameters);
  }

  /**
   * The size that a style image is looked at in, for a photo stylised at full {@code working} size.
   */
  public static Size style(Size style, Size working, Hyperparameters hyperparameters) {
    return switch (hyperparameters.styleFit()) {
      case SCALE -> ruled(style, hyperparameters).times(hyperparameters.styleScale());
      case CROP, PAD -> working.times(hyperparameters.styleScale());
    };
  }

  private static Size ruled(Size size, Hyperparameters hyperparameters) {
    double side = hyperparameters.imageSize();
    return switch (hyperparameters.sizeRule()) {
      case LONGEST -> size.times(side / size.longest());
      case SHORTEST -> size.times(side / size.shortest());
      case EXACT -> new Size(hyperparameters.imageWidth(), hyperparameters.imageHeight());
      case CONTENT -> size;
    };
  }

  /** The scales that a photo goes through. */
  public static Pyramid pyramid(Size content, Hyperparameters hyperparameters) {
    return Pyramid.of(working(content, hyperparameters), hyperparameters);
  }

  /** The shortest side that the deepest layer still has a position for. */
  static int leastSide(Hyperparameters hyperparameters) {
    return geometry(hyperparameters, Architecture.deepest(layers(hyperparameters))).stride();
  }

  private static Geometry geometry(Hyperparameters hyperparameters, Layer layer) {
    return Architecture.of(hyperparameters.backbone()).geometry(layer);
  }

  /** All layers that a term reads at some time. */
  static Set<Layer> layers(Hyperparameters hyperparameters) {
    Set<Layer> layers =
        Targets.layers(hyperparameters.contentLayers(), hyperparameters.styleLayers());
    layers.addAll(hyperparameters.styleLayersEnd().keySet());
    return layers;
  }

  /**
   * Refuses what the deepest layer cannot see.
   *
   * @param what {@code content} or {@code style}, for the message
   * @throws TransferException with {@link ErrorCode#IMAGE_TOO_SMALL}
   */
  static void requireLargeEnough(String what, Size size, Hyperparameters hyperparameters) {
    int least = leastSide(hyperparameters);
    if (size.shortest() < least) {
      throw new TransferException(
          ErrorCode.IMAGE_TOO_SMALL,
          "Cannot stylise a "
              + what
              + " of "
              + size.width()
              + " x "
              + size.height()
              + " px: layer "
              + Architecture.deepest(layers(hyperparameters)).label()
              + " needs sides of at least "
              + least
              + " px");
    }
  }

  /**
   * Floating-point operations of one loss and gradient: convolutions forward and by their input,
   * Gram matrices.
   */
  public static double flopsPerEvaluation(Size size, Hyperparameters hyperparameters) {
    return FORWARD_AND_BACKWARD
        * (convolutions(size, hyperparameters) + grams(size, hyperparameters));
  }

  private static double convolutions(Size size, Hyperparameters hyperparameters) {
    return Architecture.of(hyperparameters.backbone())
        .flops((double) size.area(), Architecture.deepest(layers(hyperparameters)));
  }

  private static double grams(Size size, Hyperparameters hyperparameters) {
    double flops = 0;
    for (Layer layer : hyperparameters.styleLayers().keySet()) {
      Geometry geometry = geometry(hyperparameters, layer);
      double positions = (double) size.area() / geometry.stride() / geometry.stride();
      flops += 2.0 * geometry.channels() * geometry.channels() * positions;
    }
    return flops;
  }

  /** Floating-point operations of a whole row: what batches are balanced by. */
  public static double flops(Size content, Hyperparameters hyperparameters) {
    double flops = 0;
    for (Pyramid.Scale scale : pyramid(content, hyperparameters).scales()) {
      double evaluations = scale.iterations() + 1 + FORWARD_ONLY;
      flops += evaluations * flopsPerEvaluation(scale.size(), hyperparameters);
    }
    return flops;
  }

  /**
   * The arithmetic that a row gets on a device like this machine's.
   *
   * @throws TransferException INVALID_PARAMETER where the device cannot do what is asked
   */
  public static Precision precision(Hyperparameters hyperparameters, DeviceName device) {
    return Precisions.effective(hyperparameters, device);
  }

  /**
   * Resident bytes that one image needs beside the process itself, on the device that holds its
   * maps.
   *
   * @param precision the arithmetic; {@code AUTO} counts as single precision
   */
  public static long memoryBytes(Size size, Precision precision, Hyperparameters hyperparameters) {
    long bytesPerValue =
        switch (precision) {
          case AUTO, FLOAT32 -> Float.BYTES;
          case FLOAT64 -> Double.BYTES;
          case BFLOAT16, FLOAT16 -> Short.BYTES;
        };
    double perPixel = 0;
    for (Map.Entry<Layer, Geometry> entry : mapsOf(hyperparameters).entrySet()) {
      Geometry geometry = entry.getValue();
      double values = geometry.channels() / (double) geometry.stride() / geometry.stride();
      boolean compared = layers(hyperparameters).contains(entry.getKey());
      perPixel += values * (bytesPerValue + (compared ? Float.BYTES : 0));
    }
    return (long) (perPixel * size.area() * MEMORY_OVERHEAD);
  }

  /**
   * Gradients in flight, libtorch's work space and the optimiser's history; a guess that awaits its
   * measurement.
   */
  private static final double MEMORY_OVERHEAD = 1.6;

  private static Map<Layer, Geometry> mapsOf(Hyperparameters hyperparameters) {
    Layer deepest = Architecture.deepest(layers(hyperparameters));
    Map<Layer, Geometry> maps = new java.util.EnumMap<>(Layer.class);
    for (Layer layer : Layer.values()) {
      if (layer.isIn(hyperparameters.backbone())
          && layer.compareTo(deepest) <= 0
          && !layer.name().startsWith("CONV")) {
        maps.put(layer, geometry(hyperparameters, layer));
      }
    }
    return maps;
  }

  /** Whether the photo's aspect is kept. */
  static boolean keepsAspect(Hyperparameters hyperparameters) {
    return hyperparameters.sizeRule() != SizeRule.EXACT;
  }
}
