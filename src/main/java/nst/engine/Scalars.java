package nst.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Numbers as tensors. {@code NDArray.mul(Number)} in a recorded graph wraps a buffer that the
 * collector may free before the gradient reads it, and the gradient is then silently wrong (about
 * one in 300): numbers enter a graph through here only.
 */
final class Scalars {
  private Scalars() {}

  /** A tensor of shape () that libtorch itself owns. */
  static NDArray of(NDManager manager, double value) {
    return manager.full(new Shape(), (float) value, DataType.FLOAT32);
  }

  /** One value for each of three channels, (1, 3, 1, 1), owned by libtorch. */
  static NDArray perChannel(NDManager manager, float[] values) {
    try (NDArray borrowed = manager.create(values, new Shape(1, values.length, 1, 1))) {
      return borrowed.duplicate();
    }
  }

  /** factor * x, for tensors outside any graph. */
  static NDArray times(double factor, NDArray x) {
    try (NDArray scalar = of(x.getManager(), factor)) {
      return x.mul(scalar);
    }
  }

  /** The sum of a * b over all positions, their inner product, of shape (). */
  static NDArray product(NDArray a, NDArray b) {
    try (NDArray product = a.mul(b)) {
      return product.sum();
    }
  }

  /** {@link #product}, read. */
  static double dot(NDArray a, NDArray b) {
    try (NDArray product = product(a, b)) {
      return product.getFloat();
    }
  }

  /** Tensors of shape (), with one copy from the device. */
  static double[] read(NDArray... scalars) {
    try (NDArray stacked = NDArrays.stack(new NDList(scalars))) {
      float[] values = stacked.toFloatArray();
      double[] read = new double[values.length];
      Arrays.setAll(read, i -> values[i]);
      return read;
    }
  }

  static double norm(NDArray x) {
    return Math.sqrt(dot(x, x));
  }

  /** The mean of |x| over all positions. */
  static double meanAbsolute(NDArray x) {
    try (NDArray absolute = x.abs();
        NDArray mean = absolute.mean()) {
      return mean.getFloat();
    }
  }
}
