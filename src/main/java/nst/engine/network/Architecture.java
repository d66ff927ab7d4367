package nst.engine.network;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * The structure of a backbone with torchvision's tensor names. It determines the tensors of a
 * weights file and the cost of each layer. It contains no tensors.
 *
 * <p>VGG: Simonyan and Zisserman 2015, configurations D and E. MobileNetV2: Sandler et al. 2018,
 * table 2.
 */
public sealed interface Architecture {

  /**
   * A convolution.
   *
   * @param weight the name of its tensor: {@code features.0.weight}
   * @param batchNorm the name of the batch normalisation that follows, {@code features.0.1}; empty
   *     if there is none, and the convolution has a bias instead
   */
  record Convolution(
      String weight,
      String batchNorm,
      int inChannels,
      int outChannels,
      int kernel,
      int stride,
      int groups) {

    /** Returns the shape of the weights, (outChannels, inChannels / groups, kernel, kernel). */
    public long[] shape() {
      return new long[] {outChannels, inChannels / groups, kernel, kernel};
    }

    /** The name of the tensor of its bias; only if no batch normalisation follows. */
    public String bias() {
      return weight.substring(0, weight.length() - "weight".length()) + "bias";
    }

    /** The multiplications and additions for one output position. */
    public long flopsPerPosition() {
      return 2L * outChannels * (inChannels / groups) * kernel * kernel;
    }
  }

  List<Convolution> convolutions();

  /** The number of channels of a layer, and the distance between two of its positions in pixels. */
  record Geometry(int channels, int stride) {}

  Geometry geometry(Layer layer);

  /** The number of positions of a layer's map along a side of an image, in pixels. */
  int positions(Layer layer, int side);

  /**
   * How far a position of a layer's map sees: the number of pixels before its first and after its
   * last own pixel, if a position of stride s has s own pixels along each side.
   */
  int reach(Layer layer);

  /**
   * The floating-point operations of the convolutions up to a layer, for an image of {@code area}
   * pixels.
   */
  double flops(double area, Layer deepest);

  static Architecture of(Backbone backbone) {
    return switch (backbone) {
      case AUTO -> throw new IllegalArgumentException("auto is not a network yet");
      case VGG19 -> Vgg.of(4);
      case VGG16 -> Vgg.of(3);
      case MOBILENET_V2 -> MobileNetV2.standard();
    };
  }

  /** Blocks of 3x3 convolutions with ReLU. A 2x2 pooling ends each block. */
  record Vgg(List<Block> blocks) implements Architecture {

    public record Step(Convolution convolution, Layer conv, Layer relu) {}

    public record Block(List<Step> steps, Layer pool) {}

    private static final int[] CHANNELS = {64, 128, 256, 512, 512};

    /** {@code deep} convolutions in each of the last three blocks. */
    private static Vgg of(int deep) {
      List<Block> blocks = new ArrayList<>();
      int index = 0; // of torchvision's nn.Sequential: convolution, ReLU, ..., pooling
      int in = 3;
      for (int block = 1; block <= CHANNELS.length; block++) {
        List<Step> steps = new ArrayList<>();
        for (int step = 1; step <= (block <= 2 ? 2 : deep); step++) {
          int out = CHANNELS[block - 1];
          String place = block + "_" + step;
          steps.add(
              new Step(
                  new Convolution("features." + index + ".weight", "", in, out, 3, 1, 1),
                  Layer.valueOf("CONV" + place),
                  Layer.valueOf("RELU" + place)));
          in = out;
          index += 2;
        }
        blocks.add(new Block(List.copyOf(steps), Layer.valueOf("POOL" + block)));
        index++;
      }
      return new Vgg(List.copyOf(blocks));
    }

    @Override
    public List<Convolution> convolutions() {
      return blocks.stream()
          .flatMap(block -> block.steps().stream())
          .map(Step::convolution)
          .toList();
    }

    @Override
    public Geometry geometry(Layer layer) {
      int stride = 1;
      for (Block block : blocks) {
        int channels = block.steps().get(0).convolution().outChannels();
        for (Step step : block.steps()) {
          if (step.conv() == layer || step.relu() == layer) {
            return new Geometry(channels, stride);
          }
        }
        stride *= 2;
        if (block.pool() == layer) {
          return new Geometry(channels, stride);
        }
      }
      throw new IllegalArgumentException(layer.label() + " is not a layer of VGG");
    }

    @Override
    public int positions(Layer layer, int side) {
      return side / geometry(layer).stride(); // a pooling drops an odd end
    }

    @Override
    public int reach(Layer layer) {
      int reach = 0;
      for (Block block : blocks) {
        for (Step step : block.steps()) {
          reach += geometry(step.relu()).stride(); // a pooling sees only its own pixels
          if (step.conv() == layer || step.relu() == layer) {
            return reach;
          }
        }
        if (block.pool() == layer) {
          return reach;
        }
      }
      throw new IllegalArgumentException(layer.label() + " is not a layer of VGG");
    }

    @Override
    public double flops(double area, Layer deepest) {
      double flops = 0;
      double positions = area;
      for (Block block : blocks) {
        for (Step step : block.steps()) {
          flops += step.convolution().flopsPerPosition() * positions;
          if (step.conv() == deepest || step.relu() == deepest) {
            return flops;
          }
        }
        if (block.pool() == deepest) {
          return flops;
        }
        positions /= 4;
      }
      throw new IllegalArgumentException(deepest.label() + " is not a layer of VGG");
    }
  }

  /** A strided convolution, inverted residual blocks, and a 1x1 convolution. */
  record MobileNetV2(Convolution stem, List<InvertedResidual> blocks, Convolution head)
      implements Architecture {

    /**
     * A block: a 1x1 convolution to more channels (not in the first block), a 3x3 convolution of
     * each channel, and a 1x1 convolution to fewer channels.
     */
    record InvertedResidual(List<Convolution> convolutions, Shortcut shortcut, Layer layer) {}

    /** Whether a block's input is added to its output. */
    enum Shortcut {
      ADDED,
      NONE
    }

    /** Expansion, channels, repeats and stride, from table 2 of the paper. */
    private static final int[][] STAGES = {
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };

    private static MobileNetV2 standard() {
      List<InvertedResidual> blocks = new ArrayList<>();
      int in = 32;
      int index = 1;
      for (int[] stage : STAGES) {
        for (int repeat = 0; repeat < stage[2]; repeat++) {
          int stride = repeat == 0 ? stage[3] : 1;
          blocks.add(block("features." + index + ".conv.", in, stage[1], stage[0], stride, index));
          in = stage[1];
          index++;
        }
      }
      return new MobileNetV2(
          new Convolution("features.0.0.weight", "features.0.1", 3, 32, 3, 2, 1),
          List.copyOf(blocks),
          new Convolution("features.18.0.weight", "features.18.1", in, 1280, 1, 1, 1));
    }

    private static InvertedResidual block(
        String name, int in, int out, int expansion, int stride, int index) {
      int wide = in * expansion;
      List<Convolution> convolutions = new ArrayList<>();
      int next = 0;
      if (expansion > 1) {
        convolutions.add(new Convolution(name + "0.0.weight", name + "0.1", in, wide, 1, 1, 1));
        next++;
      }
      String depthwise = name + next;
      convolutions.add(
          new Convolution(depthwise + ".0.weight", depthwise + ".1", wide, wide, 3, stride, wide));
      convolutions.add(
          new Convolution(name + (next + 1) + ".weight", name + (next + 2), wide, out, 1, 1, 1));
      return new InvertedResidual(
          List.copyOf(convolutions),
          stride == 1 && in == out ? Shortcut.ADDED : Shortcut.NONE,
          Layer.valueOf("FEATURES" + index));
    }

    @Override
    public List<Convolution> convolutions() {
      List<Convolution> all = new ArrayList<>();
      all.add(stem);
      blocks.forEach(block -> all.addAll(block.convolutions()));
      all.add(head);
      return all;
    }

    @Override
    public int positions(Layer layer, int side) {
      int stride = geometry(layer).stride();
      return (side + stride - 1) / stride; // convolutions pad an odd end
    }

    @Override
    public int reach(Layer layer) {
      int stride = stem.stride();
      int reach = stem.kernel() / 2;
      for (InvertedResidual block : blocks) {
        if (layer.compareTo(block.layer()) < 0) {
          return reach;
        }
        for (Convolution convolution : block.convolutions()) {
          reach += convolution.kernel() / 2 * stride;
          stride *= convolution.stride();
        }
      }
      return reach; // the head sees one position
    }

    @Override
    public double flops(double area, Layer deepest) {
      double flops = 0;
      double positions = area;
      for (Convolution convolution :
          convolutions()) { // all of them, because the deep ones are cheap
        positions /= (double) convolution.stride() * convolution.stride();
        flops += convolution.flopsPerPosition() * positions;
      }
      return flops;
    }

    @Override
    public Geometry geometry(Layer layer) {
      Map<Layer, Geometry> geometries = new EnumMap<>(Layer.class);
      int stride = stem.stride();
      geometries.put(Layer.FEATURES0, new Geometry(stem.outChannels(), stride));
      for (InvertedResidual block : blocks) {
        List<Convolution> inner = block.convolutions();
        stride *= inner.stream().mapToInt(Convolution::stride).max().orElseThrow();
        Convolution last = inner.get(inner.size() - 1);
        geometries.put(block.layer(), new Geometry(last.outChannels(), stride));
      }
      geometries.put(Layer.FEATURES18, new Geometry(head.outChannels(), stride));
      Geometry geometry = geometries.get(layer);
      if (geometry == null) {
        throw new IllegalArgumentException(layer.label() + " is not a layer of MobileNetV2");
      }
      return geometry;
    }
  }

  /** The deepest of some layers. The network is not run beyond it. */
  static Layer deepest(Set<Layer> layers) {
    return layers.stream().max(Enum::compareTo).orElseThrow();
  }
}
