package nst.engine.stylenetwork;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The layers of a style network: a convolution, two that halve the size, residual blocks, two that
 * double it, and a convolution to pixels (Johnson, Alahi and Fei-Fei 2016, supplementary material,
 * table 1; nearest-neighbour upsampling as in Odena, Dumoulin and Olah 2016). No tensors live here.
 *
 * @param width channels of the first convolution; four times as many in the residual blocks
 * @param residualBlocks how many
 * @param convolution of the inner layers
 */
public record StyleNetworkArchitecture(int width, int residualBlocks, Convolution convolution)
    implements Serializable {

  /** {@code width 32, 5 blocks, full}: the options of {@code train}. */
  @Override
  public String toString() {
    return "width "
        + width
        + ", "
        + residualBlocks
        + (residualBlocks == 1 ? " block, " : " blocks, ")
        + convolution.name().toLowerCase(Locale.ROOT);
  }

  /** How the inner 3x3 convolutions are made. */
  public enum Convolution {
    /** One convolution over all channels. */
    FULL,
    /** A convolution of each channel, then one of each position (Howard et al. 2017). */
    SEPARABLE
  }

  /** What follows a convolution. */
  enum After {
    NOTHING(0),
    /** Conditional instance normalisation (Dumoulin, Shlens and Kudlur 2017, eq. 5). */
    NORMALIZATION(1),
    NORMALIZATION_AND_RELU(2),
    BIAS(3);

    private final int code;

    After(int code) {
      this.code = code;
    }

    /** The number in {@code style_network.py}. */
    int code() {
      return code;
    }
  }

  /** Where a residual block begins or ends. */
  enum Block {
    INSIDE_OR_NONE(0),
    BEGINS(1),
    ENDS(2);

    private final int code;

    Block(int code) {
      this.code = code;
    }

    /** The number in {@code style_network.py}. */
    int code() {
      return code;
    }
  }

  /**
   * One convolution and what lies around it.
   *
   * @param groups 1, or as many as channels
   * @param upsampling the factor of the upsampling before it
   */
  record Layer(
      String name,
      int inChannels,
      int outChannels,
      int kernel,
      int stride,
      int groups,
      int upsampling,
      After after,
      Block block) {
    /** What the names of its parameters end in. */
    static final String WEIGHT = ".weight";

    static final String SCALE = ".scale";
    static final String SHIFT = ".shift";

    /** (outChannels, inChannels / groups, kernel, kernel). */
    long[] weightShape() {
      return new long[] {outChannels, inChannels / groups, kernel, kernel};
    }

    /** The parameters by name, with one row of scales and shifts for each look. */
    Map<String, long[]> parameterShapes(int looks) {
      Map<String, long[]> shapes = new LinkedHashMap<>();
      shapes.put(name + WEIGHT, weightShape());
      if (isNormalized()) {
        shapes.put(name + SCALE, new long[] {looks, outChannels});
      }
      if (after != After.NOTHING) {
        shapes.put(name + SHIFT, new long[] {looks, outChannels});
      }
      return shapes;
    }

    boolean isNormalized() {
      return after == After.NORMALIZATION || after == After.NORMALIZATION_AND_RELU;
    }

    /** The values that one output depends on. */
    int fanIn() {
      return inChannels / groups * kernel * kernel;
    }
  }

  /** The architecture of {@code train} without options. */
  public static final StyleNetworkArchitecture DEFAULT =
      new StyleNetworkArchitecture(32, 5, Convolution.FULL);

  private static final int FIRST_KERNEL = 9;
  private static final int LAST_KERNEL = 9;

  public StyleNetworkArchitecture {
    if (width < 1 || residualBlocks < 0) {
      throw new IllegalArgumentException(
          "expected a width of at least 1 and no negative number of blocks, was "
              + width
              + " and "
              + residualBlocks);
    }
  }

  /** From the photo to the picture. */
  List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(
        new Layer(
            "first",
            3,
            width,
            FIRST_KERNEL,
            1,
            1,
            1,
            After.NORMALIZATION_AND_RELU,
            Block.INSIDE_OR_NONE));
    add(layers, "down1", width, 2 * width, 2, 1);
    add(layers, "down2", 2 * width, 4 * width, 2, 1);
    for (int i = 1; i <= residualBlocks; i++) {
      addResidual(layers, "block" + i);
    }
    add(layers, "up1", 4 * width, 2 * width, 1, 2);
    add(layers, "up2", 2 * width, width, 1, 2);
    layers.add(new Layer("last", width, 3, LAST_KERNEL, 1, 1, 1, After.BIAS, Block.INSIDE_OR_NONE));
    return List.copyOf(layers);
  }

  private void add(List<Layer> layers, String name, int in, int out, int stride, int upsampling) {
    layers.addAll(
        inner(
            name, in, out, stride, upsampling, After.NORMALIZATION_AND_RELU, Block.INSIDE_OR_NONE));
  }

  private void addResidual(List<Layer> layers, String name) {
    int channels = 4 * width;
    layers.addAll(
        inner(name + "a", channels, channels, 1, 1, After.NORMALIZATION_AND_RELU, Block.BEGINS));
    layers.addAll(inner(name + "b", channels, channels, 1, 1, After.NORMALIZATION, Block.ENDS));
  }

  private List<Layer> inner(
      String name, int in, int out, int stride, int upsampling, After after, Block block) {
    return switch (convolution) {
      case FULL -> List.of(new Layer(name, in, out, 3, stride, 1, upsampling, after, block));
      case SEPARABLE ->
          List.of(
              new Layer(
                  name + ".depthwise",
                  in,
                  in,
                  3,
                  stride,
                  in,
                  upsampling,
                  After.NOTHING,
                  block == Block.BEGINS ? block : Block.INSIDE_OR_NONE),
              new Layer(
                  name + ".pointwise",
                  in,
                  out,
                  1,
                  1,
                  1,
                  1,
                  after,
                  block == Block.ENDS ? block : Block.INSIDE_OR_NONE));
    };
  }

  /** The layers as {@code style_network.py} reads them: (layers, 4). */
  long[] plan() {
    return layers().stream()
        .flatMapToInt(
            layer ->
                IntStream.of(
                    layer.stride(), layer.upsampling(), layer.after().code(), layer.block().code()))
        .asLongStream()
        .toArray();
  }

  /** The values of all weights, and of the normalisation of so many looks. */
  public long parameters(int looks) {
    return layers().stream()
        .flatMap(layer -> layer.parameterShapes(looks).values().stream())
        .mapToLong(shape -> LongStream.of(shape).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /** Floating-point operations of one pass over so many pixels. */
  public double flops(double area) {
    double flops = 0;
    double positions = area;
    for (Layer layer : layers()) {
      positions *= (double) layer.upsampling() * layer.upsampling();
      positions /= (double) layer.stride() * layer.stride();
      flops += 2.0 * layer.outChannels() * layer.fanIn() * positions;
    }
    return flops;
  }
}
