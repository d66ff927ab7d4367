package nst.engine.stylenetwork;

import java.util.SortedMap;
import java.util.TreeMap;
import nst.engine.network.SafetensorsEncoder;
import nst.engine.network.SafetensorsFile;
import nst.engine.network.SafetensorsFile.Tensor;
import nst.engine.stylenetwork.StyleNetworkArchitecture.Layer;

/**
 * A training that can go on from here: the network, the optimiser's moments and the number of
 * steps, in one safetensors file.
 *
 * @param network as it is now
 * @param moments of the optimiser, by name
 * @param steps that were made
 */
public record TrainingCheckpoint(
    StyleNetworkFile network, SortedMap<String, Tensor> moments, long steps) {
  private static final String STEPS = "steps";

  /** The bytes of the file. */
  public byte[] encoded() {
    SortedMap<String, Tensor> tensors = new TreeMap<>(network.parameters());
    tensors.putAll(moments);
    SortedMap<String, String> metadata = new TreeMap<>(network.metadata());
    metadata.put(STEPS, Long.toString(steps));
    return SafetensorsEncoder.encoded(tensors, metadata);
  }

  /**
   * Reads a checkpoint.
   *
   * @param name for messages
   * @throws IllegalArgumentException if the bytes are not a checkpoint
   */
  public static TrainingCheckpoint of(String name, byte[] bytes) {
    StyleNetworkFile network = StyleNetworkFile.of(name, bytes);
    SafetensorsFile file = SafetensorsFile.of(name, bytes);
    String steps = file.metadata(STEPS).orElse("");
    if (!steps.matches("[0-9]{1,12}")) {
      throw StyleNetworkFile.refused(
          name, "its metadata has steps=" + steps + ", expected a number");
    }
    SortedMap<String, Tensor> moments = new TreeMap<>();
    for (Layer layer : network.architecture().layers()) {
      layer
          .parameterShapes(network.looks())
          .forEach(
              (parameter, shape) -> {
                for (String prefix : new String[] {OptimizerState.FIRST, OptimizerState.SECOND}) {
                  String moment = prefix + parameter;
                  moments.put(moment, StyleNetworkFile.tensor(file, name, moment, shape));
                }
              });
    }
    return new TrainingCheckpoint(network, moments, Long.parseLong(steps));
  }
}
