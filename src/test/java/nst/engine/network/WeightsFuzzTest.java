package nst.engine.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nst.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that a damaged weights file is read or rejected with a message, without another exception.
 */
class WeightsFuzzTest {
  @TempDir Path folder;

  @Test
  void weightsAreReadOrRefused() {
    Fuzz.run(
        "weights",
        5,
        List.of(header(), firstConvolution()),
        bytes -> {
          Path file = Files.write(folder.resolve("w.safetensors"), bytes);
          try {
            NetworkWeights.load(file, "");
          } catch (IllegalArgumentException e) {
            if (!e.getMessage().contains("w.safetensors")) {
              throw new AssertionError("the message does not name the file", e);
            }
          }
        });
  }

  /** A valid file with one tensor that belongs to no network. */
  private static byte[] header() {
    return file(
        "{\"__metadata__\":{\"nst.input\":\"rgb_standardized\"},\"t\":{\"dtype\":\"F32\","
            + "\"shape\":[2,2],\"data_offsets\":[0,16]}}",
        16);
  }

  /** The first tensors of VGG16 without the others. */
  private static byte[] firstConvolution() {
    return file(
        "{\"features.0.weight\":{\"dtype\":\"F16\",\"shape\":[64,3,3,3],"
            + "\"data_offsets\":[0,3456]},\"features.0.bias\":{\"dtype\":\"F16\",\"shape\":[64],"
            + "\"data_offsets\":[3456,3584]}}",
        3584);
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
      out.write(text);
      out.write(new byte[dataBytes]);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
