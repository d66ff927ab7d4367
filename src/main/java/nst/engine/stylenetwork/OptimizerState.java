package nst.engine.stylenetwork;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.SafetensorsFile.Tensor;

/**
 * The optimiser's running means over all parameters of a style network, and the number of its
 * steps.
 */
final class OptimizerState implements AutoCloseable {
  /** What the names of the moments begin with in a file. */
  static final String FIRST = "optimizer.first.";

  static final String SECOND = "optimizer.second.";

  private final StyleNetworkOperations operations;
  private final List<NDArray> first; // in the order of the parameters
  private final List<NDArray> second; // zero where Muon is used
  private long steps;

  private OptimizerState(
      StyleNetworkOperations operations, List<NDArray> first, List<NDArray> second, long steps) {
    this.operations = operations;
    this.first = first;
    this.second = second;
    this.steps = steps;
  }

  static OptimizerState zero(StyleNetwork network) {
    return new OptimizerState(network.operations(), zeros(network), zeros(network), 0);
  }

  /** The state that {@link #tensors} wrote for this network. */
  static OptimizerState of(StyleNetwork network, Map<String, Tensor> tensors, long steps) {
    return new OptimizerState(
        network.operations(),
        moments(network, tensors, FIRST),
        moments(network, tensors, SECOND),
        steps);
  }

  private static List<NDArray> moments(
      StyleNetwork network, Map<String, Tensor> tensors, String prefix) {
    List<NDArray> moments = new ArrayList<>();
    for (String name : network.names()) {
      Tensor tensor = tensors.get(prefix + name);
      try (NDArray borrowed =
          network.manager().create(tensor.values(), new Shape(tensor.shape()))) {
        moments.add(borrowed.duplicate());
      }
    }
    return moments;
  }

  /** Both moments of every parameter by name. */
  SortedMap<String, Tensor> tensors(StyleNetwork network) {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    List<String> names = network.names();
    for (int i = 0; i < names.size(); i++) {
      tensors.put(FIRST + names.get(i), StyleNetwork.read(first.get(i)));
      tensors.put(SECOND + names.get(i), StyleNetwork.read(second.get(i)));
    }
    return tensors;
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
