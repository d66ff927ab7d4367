package nst.engine.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nst.engine.TestEngine;
import nst.engine.torch.Scalars;
import nst.engine.torch.TorchDevice;
import nst.model.knob.Layer;
import nst.model.knob.NetworkChoices.Padding;
import nst.model.knob.NetworkChoices.Pooling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares our gradients with autograd's. */
class TensorOperationsTest {
  private NDManager manager;
  private TensorOperations operations;

  @BeforeEach
  void open() {
    TestEngine.device().enter();
    manager = TestEngine.device().manager().newSubManager();
    operations = TensorOperations.load(manager);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDArray random(long... shape) {
    return manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT32);
  }

  private NDArray map(long... shape) {
    return operations.channelsLast(random(shape));
  }

  private static double relativeDistance(NDArray a, NDArray b) {
    NDArray difference = a.sub(b);
    return Math.sqrt(Scalars.dot(difference, difference) / Scalars.dot(b, b));
  }

  private static NDArray gradientByAutograd(
      NDArray x, NDArray byResult, java.util.function.UnaryOperator<NDArray> operation) {
    NDArray leaf = x.stopGradient();
    leaf.setRequiresGradient(true);
    TorchDevice.backward(TorchDevice.recorded(() -> operation.apply(leaf).mul(byResult).sum()));
    return leaf.getGradient();
  }

  private static final VggStep CONVOLUTION = step(VggStep.Kind.CONVOLVE);
  private static final VggStep RELU = step(VggStep.Kind.RECTIFY);
  private static final VggStep CONVOLUTION_WITH_RELU = step(VggStep.Kind.ACTIVATE);
  private static final VggStep POOLING = step(VggStep.Kind.POOL);

  private static VggStep step(VggStep.Kind kind) {
    return new VggStep(kind, Layer.CONV1_1, Optional.empty()); // checked elsewhere
  }

  private List<NDArray> results(
      NDArray x, List<VggStep> steps, List<Filter> filters, Pooling pooling, Padding padding) {
    return operations.run(x, steps, filters, step -> true, pooling, padding);
  }

  private Filter filter(long out, long in) {
    return new Filter(null, map(out, in, 3, 3), random(out));
  }

  /** The same steps with other operations, which autograd supports. */
  private static NDArray plainly(
      NDArray x, List<VggStep> steps, List<Filter> filters, Pooling pooling, Padding padding) {
    Shape one = new Shape(1, 1);
    Shape two = new Shape(2, 2);
    Shape none = new Shape(0, 0);
    Iterator<Filter> next = filters.iterator();
    PtNDArray result = (PtNDArray) x;
    for (VggStep step : steps) {
      if (step.kind() == VggStep.Kind.POOL) {
        result =
            pooling == Pooling.AVERAGE
                ? JniUtils.avgPool(result, two, two, none, false, true)
                : JniUtils.maxPool(result, two, two, none, false);
      } else {
        if (step.kind() != VggStep.Kind.RECTIFY) {
          Filter filter = next.next();
          PtNDArray wider = padding == Padding.REPLICATE ? bordered(result) : result;
          result =
              JniUtils.convolution(
                  wider,
                  (PtNDArray) filter.weight(),
                  (PtNDArray) filter.bias(),
                  one,
                  padding == Padding.REPLICATE ? none : one,
                  one,
                  1);
        }
        if (step.kind() != VggStep.Kind.CONVOLVE) {
          result = JniUtils.relu(result);
        }
      }
    }
    return result;
  }

  private static PtNDArray bordered(NDArray x) {
    NDArray taller = NDArrays.concat(new NDList(x.get(":, :, :1"), x, x.get(":, :, -1:")), 2);
    return (PtNDArray)
        NDArrays.concat(
            new NDList(taller.get(":, :, :, :1"), taller, taller.get(":, :, :, -1:")), 3);
  }

  static Stream<Arguments> networks() {
    return Stream.of(Pooling.values())
        .flatMap(
            pooling -> Stream.of(Padding.values()).map(padding -> Arguments.of(pooling, padding)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void runsAVggAndGoesBackThroughIt(Pooling pooling, Padding padding) {
    NDArray x = map(1, 4, 15, 13); // odd sides before both poolings
    List<Filter> filters = List.of(filter(5, 4), filter(6, 5), filter(30, 6));
    List<VggStep> steps =
        List.of(CONVOLUTION_WITH_RELU, POOLING, CONVOLUTION, RELU, POOLING, CONVOLUTION_WITH_RELU);

    List<NDArray> results = results(x, steps, filters, pooling, padding);
    NDArray last = results.get(results.size() - 1);
    List<NDArray> seen =
        List.of(
            results.get(0),
            results.get(0),
            results.get(2),
            results.get(3),
            results.get(3),
            results.get(5));
    NDArray byLast = map(1, 30, 3, 3);

    assertThat(relativeDistance(last, plainly(x, steps, filters, pooling, padding)))
        .isLessThan(1e-5);
    assertThat(
            relativeDistance(
                operations.runBack(byLast.duplicate(), steps, filters, seen, pooling, padding),
                gradientByAutograd(
                    x, byLast, leaf -> plainly(leaf, steps, filters, pooling, padding))))
        .isLessThan(1e-5);
  }

  @Test
  void keepsTheConvolutionsOfAVgg() {
    List<VggStep> steps = List.of(CONVOLUTION_WITH_RELU, POOLING, RELU);

    List<NDArray> kept =
        operations.run(
            map(1, 2, 6, 4),
            steps,
            List.of(filter(3, 2)),
            step -> step.kind() == VggStep.Kind.POOL,
            Pooling.AVERAGE,
            Padding.ZEROS);

    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).getShape()).isEqualTo(new Shape(1, 3, 3, 2));
  }

  @Test
  void sumsProductsOfHalvesAsExactlyAsSinglePrecision() {
    // The mean is far from 0, as after a ReLU. Rounding errors would be visible after it is
    // subtracted.
    NDArray halves = operations.bfloat16(map(1, 16, 48, 48).add(Scalars.of(random(1), 3)));
    NDArray singles = operations.float32(halves);

    List<NDArray> exact = operations.gram(singles, singles, 48 * 48, true);
    List<NDArray> ofHalves = operations.gram(halves, halves, 48 * 48, true);
    assertThat(relativeDistance(ofHalves.get(0), exact.get(0)))
        .isLessThan(5e-4); // of 11, 10 were subtracted
    assertThat(relativeDistance(ofHalves.get(1), exact.get(1))).isLessThan(1e-5);
    assertThat(
            relativeDistance(
                operations.gram(halves, halves, 1, false).get(0),
                operations.gram(singles, singles, 1, false).get(0)))
        .isLessThan(1e-5);
  }
}
