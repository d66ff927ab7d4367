package nst.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import nst.model.Hyperparameters.Padding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own ways back, against autograd's. */
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
    return Scalars.norm(a.sub(b)) / Scalars.norm(b);
  }

  private static NDArray gradientByAutograd(
      NDArray x, NDArray byResult, java.util.function.UnaryOperator<NDArray> operation) {
    NDArray leaf = x.stopGradient();
    leaf.setRequiresGradient(true);
    TorchDevice.backward(TorchDevice.recorded(() -> operation.apply(leaf).mul(byResult).sum()));
    return leaf.getGradient();
  }

  @ParameterizedTest
  @EnumSource(Padding.class)
  void goesBackThroughAConvolutionAndItsRelu(Padding padding) {
    NDArray x = map(1, 4, 7, 6);
    NDArray weight = map(5, 4, 3, 3);
    NDArray bias = random(5);
    NDArray byResult = map(1, 5, 7, 6);

    NDArray result = operations.activated(x, weight, bias, padding);
    NDArray gradient =
        operations.throughFilters(
            operations.throughRelu(byResult.duplicate(), result), weight, padding);

    assertThat(
            relativeDistance(
                gradient,
                gradientByAutograd(
                    x,
                    byResult,
                    leaf ->
                        JniUtils.relu(
                            (PtNDArray) operations.convolved(leaf, weight, bias, padding)))))
        .isLessThan(1e-6);
  }

  @Test
  void goesBackThroughPoolingOfOddSides() {
    NDArray x = map(1, 3, 7, 5);
    NDArray byResult = map(1, 3, 3, 2);
    Shape two = new Shape(2, 2);
    Shape none = new Shape(0, 0);

    assertThat(
            relativeDistance(
                operations.throughAveragePooling(byResult, x),
                gradientByAutograd(
                    x,
                    byResult,
                    leaf -> JniUtils.avgPool((PtNDArray) leaf, two, two, none, false, true))))
        .isLessThan(1e-6);
    assertThat(
            relativeDistance(
                operations.throughMaxPooling(byResult, x),
                gradientByAutograd(
                    x,
                    byResult,
                    leaf -> JniUtils.maxPool((PtNDArray) leaf, two, two, none, false))))
        .isLessThan(1e-6);
  }

  @Test
  void sumsProductsOfHalvesAsExactlyAsSinglePrecision() {
    // A mean far from 0, as ReLUs have: what is rounded away would be missed when it is subtracted.
    NDArray halves = operations.bfloat16(map(1, 16, 48, 48).add(Scalars.of(random(1), 3)));
    NDArray singles = operations.float32(halves);

    assertThat(
            relativeDistance(
                operations.products(halves, halves), operations.products(singles, singles)))
        .isLessThan(1e-5);
    assertThat(relativeDistance(operations.rowSums(halves), operations.rowSums(singles)))
        .isLessThan(1e-5);
  }
}
