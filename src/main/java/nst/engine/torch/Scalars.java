package nst.engine.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers as tensors. In a recorded graph, {@code NDArray.mul(Number)} wraps a buffer that the
 * garbage collector may free before the gradient reads it. The gradient is then wrong without an
 * error. So numbers enter a graph only through this class.
 */
public final class Scalars {
  private Scalars() {}

  /** A tensor of shape () owned by libtorch, with a type that can be combined with x. */
  public static NDArray of(NDArray x, double value) {
    NDManager manager = x.getManager();
    if (x.getDataType() != DataType.FLOAT64) {
      return manager.full(new Shape(), (float) value, DataType.FLOAT32);
    }
    try (NDArray borrowed = manager.create(value)) { // full() supports only single precision
      return borrowed.duplicate();
    }
  }

  /**
   * One value for each of three channels, (1, 3, 1, 1), owned by libtorch, with a type that can be
   * combined with x.
   */
  public static NDArray perChannel(NDArray x, double[] values) {
    return vector(x, values).reshape(1, values.length, 1, 1);
  }

  /** A tensor of shape (values), owned by libtorch, with a type that can be combined with x. */
  static NDArray vector(NDArray x, double[] values) {
    try (NDArray borrowed = x.getManager().create(values)) {
      return x.getDataType() == DataType.FLOAT64
          ? borrowed.duplicate()
          : borrowed.toType(DataType.FLOAT32, true);
    }
  }

  /** All values of a tensor of single or double precision. */
  public static double[] values(NDArray x) {
    if (x.getDevice().isGpu()) { // DJL's copy would stay with the manager after each read
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

  /** The value of {@link #product}. */
  public static double dot(NDArray a, NDArray b) {
    try (NDArray product = product(a, b)) {
      return value(product);
    }
  }

  /** Reads tensors of shape () with one copy from the device. */
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
