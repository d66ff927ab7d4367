package nst.engine.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import nst.engine.network.Architecture.Convolution;
import nst.engine.network.SafetensorsFile.Tensor;

/** Writes networks to safetensors files in float32 with torchvision's names. */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /**
   * Writes a network's filters and biases.
   *
   * @param changed converts the filters of each convolution before they are written
   */
  static void write(
      NetworkWeights weights,
      Function<Convolution, FilterValues> changed,
      Map<String, String> metadata,
      Path file)
      throws IOException {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    for (Convolution convolution : Architecture.of(weights.backbone()).convolutions()) {
      FilterValues filters = changed.apply(convolution);
      tensors.put(convolution.weight(), new Tensor(convolution.shape(), filters.weight()));
      tensors.put(
          convolution.bias(), new Tensor(new long[] {convolution.outChannels()}, filters.bias()));
    }
    Files.write(file, SafetensorsEncoder.encoded(tensors, new TreeMap<>(metadata)));
  }
}
