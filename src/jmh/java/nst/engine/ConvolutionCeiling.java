package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import nst.engine.network.Architecture;
import nst.engine.network.Architecture.Convolution;
import nst.engine.torch.TorchDevice;
import nst.image.Size;
import nst.model.knob.Layer;

/**
 * The shortest time of a VGG's convolutions on this machine: each alone, with zero padding, forward
 * and backward to its input, in the faster of both memory layouts.
 *
 * @param forwardMillis the time of all forward passes
 * @param backwardMillis the time of all backward passes
 * @param gigaflops the operations of both
 */
record ConvolutionCeiling(double forwardMillis, double backwardMillis, double gigaflops) {
  private static final int REPEATS = 4;

  private enum Layout {
    CHANNELS_LAST,
    CHANNELS_FIRST
  }

  double millis() {
    return forwardMillis + backwardMillis;
  }

  double gigaflopsPerSecond() {
    return gigaflops / millis() * 1e3;
  }

  /** Measures all convolutions up to the deepest layer, by elapsed time. */
  static ConvolutionCeiling measure(Workbench bench) {
    return measure(bench, Clock.WALL);
  }

  /** Measures all convolutions up to the deepest layer. */
  static ConvolutionCeiling measure(Workbench bench, Clock clock) {
    double forward = 0;
    double backward = 0;
    double flops = 0;
    for (Sized convolution : convolutions(bench)) {
      double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
      for (Layout layout : Layout.values()) {
        time(bench, clock, convolution, layout, least);
      }
      forward += least[0];
      backward += least[1];
      flops += convolution.flops();
    }
    return new ConvolutionCeiling(forward, backward, flops / 1e9);
  }

  /** The shortest time of all convolutions both ways, with filters in oneDNN's own layout. */
  static double packedMillis(Workbench bench, PackedConvolution packed) {
    double millis = 0;
    for (Sized convolution : convolutions(bench)) {
      millis += packedMillis(bench, packed, convolution);
    }
    return millis;
  }

  /**
   * A convolution of the network.
   *
   * @param input the shape of the map that it reads, (1, channels, height, width)
   */
  private record Sized(Convolution convolution, Shape input) {
    Shape output() {
      return new Shape(1, convolution.outChannels(), input.get(2), input.get(3));
    }

    /** Forward and backward to the input. */
    double flops() {
      return 2.0 * convolution.flopsPerPosition() * input.get(2) * input.get(3);
    }
  }

  /** All convolutions up to the deepest layer of the objective. */
  private static List<Sized> convolutions(Workbench bench) {
    Layer deepest = Architecture.deepest(bench.hyperparameters.layers());
    Architecture.Vgg vgg = (Architecture.Vgg) Architecture.of(bench.hyperparameters.backbone());
    List<Sized> convolutions = new ArrayList<>();
    for (Architecture.Vgg.Block block : vgg.blocks()) {
      for (Architecture.Vgg.Step step : block.steps()) {
        if (step.conv().compareTo(deepest) <= 0) {
          int stride = vgg.geometry(step.relu()).stride();
          Size size = bench.size;
          convolutions.add(
              new Sized(
                  step.convolution(),
                  new Shape(
                      1,
                      step.convolution().inChannels(),
                      size.height() / stride,
                      size.width() / stride)));
        }
      }
    }
    return convolutions;
  }

  private static void time(
      Workbench bench, Clock clock, Sized convolution, Layout layout, double[] least) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray x = random(bench, convolution.input(), layout);
      NDArray weight = random(bench, new Shape(convolution.convolution().shape()), layout);
      NDArray bias =
          bench.arithmetic.entered(
              bench.manager.zeros(
                  new Shape(convolution.convolution().outChannels()), DataType.FLOAT32));
      NDArray gradient = random(bench, convolution.output(), layout);
      for (int i = 0; i <= REPEATS; i++) {
        try (NDScope once = new NDScope()) {
          once.suppressNotUsedWarning();
          NDArray leaf = x.stopGradient(); // a new input, because gradients are accumulated
          leaf.setRequiresGradient(true);
          long began = clock.nanos();
          NDArray y = TorchDevice.recorded(() -> convolved(leaf, weight, bias));
          long between = clock.nanos();
          JniUtils.backward((PtNDArray) y, (PtNDArray) gradient, false, false);
          long ended = clock.nanos();
          if (i > 0) { // the first call fills the caches
            least[0] = Math.min(least[0], (between - began) / 1e6);
            least[1] = Math.min(least[1], (ended - between) / 1e6);
          }
        }
      }
    }
  }

  /** Both ways, each with filters that were packed before. */
  private static double packedMillis(Workbench bench, PackedConvolution packed, Sized convolution) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray x = random(bench, convolution.input(), Layout.CHANNELS_LAST);
      NDArray weight =
          random(bench, new Shape(convolution.convolution().shape()), Layout.CHANNELS_FIRST);
      NDArray gradient = random(bench, convolution.output(), Layout.CHANNELS_LAST);
      NDArray forward = packed.packed(weight, x);
      NDArray backward = packed.packedBackward(weight, gradient);
      return Stopwatch.of(REPEATS, () -> packed.convolved(x, forward).close()).least()
          + Stopwatch.of(REPEATS, () -> packed.convolved(gradient, backward).close()).least();
    }
  }

  private static NDArray convolved(NDArray x, NDArray weight, NDArray bias) {
    Shape one = new Shape(1, 1);
    return JniUtils.convolution(
        (PtNDArray) x, (PtNDArray) weight, (PtNDArray) bias, one, one, one, 1);
  }

  private static NDArray random(Workbench bench, Shape shape, Layout layout) {
    NDManager manager = bench.manager;
    NDArray cast = bench.arithmetic.entered(manager.randomNormal(0, 1, shape, DataType.FLOAT32));
    return switch (layout) {
      case CHANNELS_LAST -> bench.operations.channelsLast(cast);
      case CHANNELS_FIRST -> cast;
    };
  }
}
