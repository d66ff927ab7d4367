package nst.engine.sizing;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import nst.engine.network.Architecture;
import nst.engine.network.Architecture.Geometry;
import nst.engine.tile.TileGrid;
import nst.engine.tile.TileSize;
import nst.engine.torch.DeviceName;
import nst.engine.torch.Precisions;
import nst.image.Size;
import nst.model.ErrorCode;
import nst.model.Hyperparameters;
import nst.model.TransferException;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;
import nst.model.knob.NetworkChoices.Precision;
import nst.model.knob.OptimizerChoices.Init;

/**
 * The working size of an image and its cost in operations and memory. It is pure arithmetic, so a
 * plan needs no device.
 */
public final class Sizing {

  /** The assumed size of a photo whose size is not known yet. */
  public static final Size UNKNOWN_CONTENT = new Size(4000, 3000);

  /**
   * The gradient with respect to the map costs as much as the convolution; filters have no
   * gradient.
   */
  private static final int FORWARD_AND_BACKWARD = 2;

  private static final int COLOURS = 3;

  /**
   * Evaluations without a gradient cost half. There are three: content, style, and the saved image.
   */
  private static final double FORWARD_ONLY = 3.0 / FORWARD_AND_BACKWARD;

  /**
   * The operations for each pixel of a style network's pass, for a width of 32 and five residual
   * blocks. A plan does not open the file, so it does not know the network.
   */
  static final double STYLE_NETWORK_FLOPS = 3.07e5;

  private Sizing() {}

  /** The size at which a photo is stylised. */
  public static Size working(Size content, Hyperparameters hyperparameters) {
    return ruled(content, hyperparameters);
  }

  /** The size of a style image for a photo that is stylised at {@code working} size. */
  static Size style(Size style, Size working, Hyperparameters hyperparameters) {
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
  static Pyramid pyramid(Size content, Hyperparameters hyperparameters) {
    return scales(working(content, hyperparameters), hyperparameters);
  }

  /**
   * The scales that an image goes through.
   *
   * @param full its working size
   */
  public static Pyramid scales(Size full, Hyperparameters hyperparameters) {
    return Pyramid.of(full, leastSide(hyperparameters), hyperparameters);
  }

  /**
   * All sizes that a photo may be needed at, whatever the network's {@link #leastSide} is.
   *
   * @param content the photo's own size
   */
  public static Set<Size> sizes(Size content, Hyperparameters hyperparameters) {
    return Pyramid.of(working(content, hyperparameters), 1, hyperparameters).scales().stream()
        .map(Pyramid.Scale::size)
        .collect(Collectors.toSet());
  }

  /** The shortest side for which the deepest layer has at least one position. */
  public static int leastSide(Hyperparameters hyperparameters) {
    return geometry(hyperparameters, Architecture.deepest(hyperparameters.layers())).stride();
  }

  private static Geometry geometry(Hyperparameters hyperparameters, Layer layer) {
    return Architecture.of(hyperparameters.backbone()).geometry(layer);
  }

  /**
   * Refuses an image that is too small for the deepest layer.
   *
   * @param what {@code content} or {@code style}, for the message
   * @throws TransferException with {@link ErrorCode#IMAGE_TOO_SMALL}
   */
  public static void requireLargeEnough(String what, Size size, Hyperparameters hyperparameters) {
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
              + Architecture.deepest(hyperparameters.layers()).label()
              + " needs sides of at least "
              + least
              + " px");
    }
  }

  /**
   * The floating-point operations of one loss and gradient: convolutions forward and backward, and
   * Gram matrices.
   */
  public static double flopsPerEvaluation(Size size, Hyperparameters hyperparameters) {
    return FORWARD_AND_BACKWARD
        * (convolutions(size, hyperparameters) + grams(size, hyperparameters));
  }

  private static double convolutions(Size size, Hyperparameters hyperparameters) {
    return Architecture.of(hyperparameters.backbone())
        .flops((double) size.area(), Architecture.deepest(hyperparameters.layers()));
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

  /** The losses and gradients of a whole row over all scales, with one for each step. */
  public static double evaluations(Size content, Hyperparameters hyperparameters) {
    return pyramid(content, hyperparameters).scales().stream()
        .mapToDouble(Sizing::evaluations)
        .sum();
  }

  private static double evaluations(Pyramid.Scale scale) {
    return scale.iterations() + 1 + FORWARD_ONLY;
  }

  /** The floating-point operations of a whole row. Batches are balanced by this number. */
  public static double flops(Size content, Hyperparameters hyperparameters) {
    double flops = 0;
    for (Pyramid.Scale scale : pyramid(content, hyperparameters).scales()) {
      flops += evaluations(scale) * flopsPerEvaluation(scale.size(), hyperparameters);
    }
    if (hyperparameters.init() == Init.NETWORK) {
      flops += styleNetworkFlops(content, hyperparameters);
    }
    return flops;
  }

  /** Both ways through a style network: one pass, and the gradients of its maps and weights. */
  private static final int PASS_AND_GRADIENTS = 3;

  /**
   * The floating-point operations of training a style network of the usual size: for each crop, its
   * features, an evaluation of the objective, and the network's pass and gradient.
   *
   * @param side of the crops, in pixels
   */
  public static double trainingFlops(int side, long crops, Hyperparameters hyperparameters) {
    Size size = new Size(side, side);
    double features = 1.0 / FORWARD_AND_BACKWARD;
    return crops
        * ((1 + features) * flopsPerEvaluation(size, hyperparameters)
            + PASS_AND_GRADIENTS * STYLE_NETWORK_FLOPS * size.area());
  }

  /** The floating-point operations of a style network's pass, without the losses of its picture. */
  public static double styleNetworkFlops(Size content, Hyperparameters hyperparameters) {
    return STYLE_NETWORK_FLOPS * working(content, hyperparameters).area();
  }

  /**
   * The largest additional memory of an evaluation, relative to the maps that its gradient needs: a
   * convolution's input and output, and libtorch's workspace. Fitted to the table in
   * docs/performance.md.
   */
  private static final double OVER_VGG_MAPS = 1.05;

  /** Autograd keeps the input of every convolution and ReLU. */
  private static final double OVER_MOBILENET_MAPS = 5;

  /**
   * The number of images of the variable's size: pixels, their gradients, and temporaries of an
   * optimiser's step.
   */
  private static final int IMAGES_IN_FLIGHT = 16;

  /**
   * Small long-lived tensors fragment the allocator's heap, so it grows beyond the memory in use.
   * This begins at 256 px square and is limited to this value, because larger tensors are outside
   * the heap. Fitted to the same table.
   */
  private static final double SPLIT_BYTES_PER_PIXEL = 320;

  private static final double WHOLE_PIXELS = 256 * 256;
  private static final double MOST_SPLIT_BYTES = 400 << 20;

  /**
   * The precision of a row on a device like that of this machine.
   *
   * @throws TransferException INVALID_PARAMETER if the device does not support the precision
   */
  public static Precision precision(Hyperparameters hyperparameters, DeviceName device) {
    return Precisions.effective(hyperparameters, device);
  }

  /**
   * The memory that one image needs on its device, in bytes, in addition to the process: the maps
   * that its gradient needs, the maps of the content at the compared layers, and images of its
   * size, most of which are L-BFGS's history. The pass of a style network needs less and is over
   * before the first gradient.
   *
   * @param precision the precision; {@code AUTO} counts as single precision
   */
  public static long memoryBytes(Size size, Precision precision, Hyperparameters hyperparameters) {
    return memoryBytes(size, precision, hyperparameters, TileSize.NONE);
  }

  /**
   * The same for an image that may be computed in tiles: only the maps of the largest tile are in
   * memory. An image that begins with a style network's picture counts as a whole, because that
   * pass is not divided.
   */
  public static long memoryBytes(
      Size size, Precision precision, Hyperparameters hyperparameters, TileSize tileSize) {
    int bytesPerMapValue =
        switch (precision) {
          case AUTO, FLOAT32 -> Float.BYTES;
          case FLOAT64 -> Double.BYTES;
          case BFLOAT16, FLOAT16 -> Short.BYTES;
        };
    int bytesPerPixelValue = precision == Precision.FLOAT64 ? Double.BYTES : Float.BYTES;
    double overMaps =
        hyperparameters.backbone() == Backbone.MOBILENET_V2 ? OVER_MOBILENET_MAPS : OVER_VGG_MAPS;
    double maps = overMaps * bytesPerMapValue * values(hyperparameters, mapsOf(hyperparameters));
    double perPixel =
        bytesPerPixelValue * values(hyperparameters, hyperparameters.contentLayers().keySet())
            + bytesPerPixelValue * COLOURS * images(hyperparameters);
    double split = SPLIT_BYTES_PER_PIXEL * Math.max(0, size.area() - WHOLE_PIXELS);
    return (long)
        (maps * mappedArea(size, hyperparameters, tileSize)
            + perPixel * size.area()
            + Math.min(MOST_SPLIT_BYTES, split));
  }

  /** The number of pixels whose maps are in memory at the same time. */
  private static long mappedArea(Size size, Hyperparameters hyperparameters, TileSize tileSize) {
    if (hyperparameters.init() == Init.NETWORK) {
      return size.area();
    }
    return tileSize.grid(size, hyperparameters).map(TileGrid::largestArea).orElse(size.area());
  }

  /** The number of images of the variable's size that exist at the same time. */
  private static int images(Hyperparameters hyperparameters) {
    return switch (hyperparameters.optimizer()) {
      case ADAM -> IMAGES_IN_FLIGHT;
      case LBFGS -> IMAGES_IN_FLIGHT + 2 * (hyperparameters.lbfgsHistory() + 1);
    };
  }

  /** The number of values for each pixel in the maps of some layers. */
  private static double values(Hyperparameters hyperparameters, Set<Layer> layers) {
    return layers.stream()
        .map(layer -> geometry(hyperparameters, layer))
        .mapToDouble(map -> map.channels() / (double) map.stride() / map.stride())
        .sum();
  }

  /**
   * The layers whose maps the gradient needs: the results of ReLUs up to the deepest compared
   * layer.
   */
  private static Set<Layer> mapsOf(Hyperparameters hyperparameters) {
    Layer deepest = Architecture.deepest(hyperparameters.layers());
    return Arrays.stream(Layer.values())
        .filter(layer -> layer.isIn(hyperparameters.backbone()))
        .filter(layer -> layer.compareTo(deepest) <= 0)
        .filter(layer -> !layer.name().startsWith("CONV") && !layer.name().startsWith("POOL"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
