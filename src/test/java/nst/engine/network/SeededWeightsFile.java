package nst.engine.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * Writes a seeded backbone to a safetensors file with torchvision's names, so that other programs
 * can be measured with the same network.
 */
public final class SeededWeightsFile {
  private SeededWeightsFile() {}

  /** Writes the filters and biases of {@link NetworkWeights#seeded}. */
  public static void write(Backbone backbone, Path file) throws IOException {
    NetworkWeights weights = NetworkWeights.seeded(backbone);
    SafetensorsWriter.write(weights, weights::filters, Map.of(), file);
  }
}
