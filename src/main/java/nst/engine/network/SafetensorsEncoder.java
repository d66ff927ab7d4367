package nst.engine.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;
import nst.engine.network.SafetensorsFile.Tensor;

/** Tensors as the bytes of a safetensors file, in single precision. */
public final class SafetensorsEncoder {
  private static final int ALIGNMENT = 8; // of the first value, in bytes

  private SafetensorsEncoder() {}

  /**
   * Encodes a file.
   *
   * @param tensors by name, in the order in which they are stored
   * @param metadata what the file says about itself
   */
  public static byte[] encoded(
      SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
    byte[] header = header(tensors, metadata).getBytes(StandardCharsets.UTF_8);
    long values = tensors.values().stream().mapToLong(tensor -> tensor.values().length).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + header.length + values * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    for (Tensor tensor : tensors.values()) {
      for (float value : tensor.values()) {
        bytes.putFloat(value);
      }
    }
    return bytes.array();
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
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    return json + " ".repeat(Math.floorMod(-length, ALIGNMENT));
  }

  private static JsonArray array(long... values) {
    JsonArray array = new JsonArray();
    LongStream.of(values).forEach(array::add);
    return array;
  }
}
