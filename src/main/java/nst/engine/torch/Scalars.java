package nst.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers as tensors. {@code NDArray.mul(Number)} in a recorded graph wraps a buffer that the
 * collector may free before the gradient reads it, and the gradient is then silently wrong (about
 * one in 300): numbers enter a graph through here only.
 */
public final class Scalars {
  private Scalars() {}

  /** A tensor of shape () that libtorch itself owns, of a type that goes with x. */
  public static NDArray of(NDArray x, double value) {
    NDManager manager = x.getManager();
    if (x.getDataType() != DataType.FLOAT64) {
      return manager.full(new Shape(), (float) value, DataType.FLOAT32);
    }
    try (NDArray borrowed = manager.create(value)) { // full() takes no more than single precision
      return borrowed.duplicate();
    }
  }

  /**
   * One value for each of three channels, (1, 3, 1, 1), owned by libtorch, of a type that goes with
   * x.
   */
  public static NDArray perChannel(NDArray x, double[] values) {
    return vector(x, values).reshape(1, values.length, 1, 1);
  }

  /** (values), owned by libtorch, of a type that goes with x. */
  static NDArray vector(NDArray x, double[] values) {
    try (NDArray borrowed = x.getManager().create(values)) {
      return x.getDataType() == DataType.FLOAT64
          ? borrowed.duplicate()
          : borrowed.toType(DataType.FLOAT32, true);
    }
  }

  /** All values of a tensor of single or double precision. */
  public static double[] values(NDArray x) {
    if (x.getDevice().isGpu()) { // DJL's own copy would stay with the manager, one for each read
      try (NDArray here = x.toDevice(Device.cpu(), true)) {
        return values(here);
      }
    }
    if (x.getDataType() == DataType.FLOAT64) {
      return x.toDoubleArray();
    }
    float[] singles = x.toFloatArray();
    double[] values = new double[singles.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = singles[i];
    }
    return values;
  }

  /** The value of a tensor of shape (). */
  public static double value(NDArray scalar) {
    return values(scalar)[0];
  }

  /** factor * x, for tensors outside any graph. */
  public static NDArray times(double factor, NDArray x) {
    try (NDArray scalar = of(x, factor)) {
      return x.mul(scalar);
    }
  }

  /** x *= factor in place, for tensors outside any graph; returns x. */
  public static NDArray scale(NDArray x, double factor) {
    try (NDArray scalar = of(x, factor)) {
      return x.muli(scalar);
    }
  }

  /** The sum of a * b over all positions, their inner product, of shape (); not differentiable. */
  public static NDArray product(NDArray a, NDArray b) {
    try (NDArray all = a.flatten();
        NDArray others = b.flatten()) {
      return all.dot(others);
    }
  }

  /** {@link #product}, read. */
  public static double dot(NDArray a, NDArray b) {
    try (NDArray product = product(a, b)) {
      return value(product);
    }
  }

  /** Tensors of shape (), with one copy from the device. */
  public static double[] read(NDArray... scalars) {
    try (NDArray stacked = NDArrays.stack(new NDList(scalars))) {
      return values(stacked);
    }
  }

  /** The mean of |x| over all positions. */
  public static double meanAbsolute(NDArray x) {
    try (NDArray absolute = x.abs();
        NDArray mean = absolute.mean()) {
      return value(mean);
    }
  }
}
