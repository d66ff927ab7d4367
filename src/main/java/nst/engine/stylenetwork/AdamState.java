package nst.engine.stylenetwork;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** Adam's running means over all parameters of a style network, and the number of its steps. */
final class AdamState implements AutoCloseable {
  private final StyleNetworkOperations operations;
  private final List<NDArray> first; // m, in the order of the parameters
  private final List<NDArray> second; // v
  private long steps; // t

  private AdamState(
      StyleNetworkOperations operations, List<NDArray> first, List<NDArray> second, long steps) {
    this.operations = operations;
    this.first = first;
    this.second = second;
    this.steps = steps;
  }

  static AdamState zero(StyleNetwork network) {
    return new AdamState(network.operations(), zeros(network), zeros(network), 0);
  }

  private static List<NDArray> zeros(StyleNetwork network) {
    List<NDArray> zeros = new ArrayList<>();
    for (NDArray parameter : network.parameters()) {
      zeros.add(parameter.getManager().zeros(parameter.getShape(), parameter.getDataType()));
    }
    return zeros;
  }

  /** A step, see {@link StyleNetworkOperations#update}. */
  double step(
      List<NDArray> parameters,
      List<NDArray> gradients,
      double learningRate,
      long images,
      double mostNorm) {
    double norm =
        operations.update(
            parameters, gradients, first, second, steps + 1, learningRate, images, mostNorm);
    if (Double.isFinite(norm)) {
      steps++;
    }
    return norm;
  }

  long steps() {
    return steps;
  }

  @Override
  public void close() {
    first.forEach(NDArray::close);
    second.forEach(NDArray::close);
  }
}
