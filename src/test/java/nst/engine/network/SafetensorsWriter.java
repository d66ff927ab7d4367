package nst.engine.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import nst.engine.network.Architecture.Convolution;

/** Writes networks to safetensors files in float32 with torchvision's names. */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  /** The position of a tensor in the file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tensor(long[] shape, float[] values) {}

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
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Convolution convolution : Architecture.of(weights.backbone()).convolutions()) {
      FilterValues filters = changed.apply(convolution);
      tensors.put(convolution.weight(), new Tensor(convolution.shape(), filters.weight()));
      tensors.put(
          convolution.bias(), new Tensor(new long[] {convolution.outChannels()}, filters.bias()));
    }
    byte[] header = header(tensors, metadata).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .array());
      out.write(header);
      for (Tensor tensor : tensors.values()) {
        ByteBuffer bytes =
            ByteBuffer.allocate(tensor.values().length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        out.write(bytes.array());
      }
    }
  }

  private static String header(Map<String, Tensor> tensors, Map<String, String> metadata) {
    JsonObject header = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject own = new JsonObject();
      metadata.forEach(own::addProperty);
      header.add("__metadata__", own);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long end = offset + (long) entry.getValue().values().length * Float.BYTES;
      JsonObject tensor = new JsonObject();
      tensor.addProperty("dtype", "F32");
      tensor.add("shape", array(entry.getValue().shape()));
      tensor.add("data_offsets", array(offset, end));
      header.add(entry.getKey(), tensor);
      offset = end;
    }
    String json = header.toString();
    int padding = -json.length() & 7; // aligns the values to eight bytes
    return json + " ".repeat(padding);
  }

  private static JsonArray array(long... values) {
    JsonArray array = new JsonArray();
    LongStream.of(values).forEach(array::add);
    return array;
  }
}
