package nst.engine.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import nst.engine.network.Architecture.Convolution;
import nst.model.knob.NetworkChoices.Backbone;

/**
 * The network of the PyTorch references. Every value is a function of the position of its tensor in
 * torchvision's state_dict and of its index in the tensor (oracle/README.md, Weights).
 */
public final class FixtureWeights {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private FixtureWeights() {}

  /** The shapes of the tensors in torchvision's order. */
  public static Map<String, long[]> shapes(Backbone backbone) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (Convolution convolution : Architecture.of(backbone).convolutions()) {
      long[] channels = {convolution.outChannels()};
      shapes.put(convolution.weight(), convolution.shape());
      if (convolution.batchNorm().isEmpty()) {
        shapes.put(convolution.bias(), channels);
      } else {
        for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
          shapes.put(convolution.batchNorm() + "." + part, channels);
        }
      }
    }
    return shapes;
  }

  public static float[] values(String name, long[] shape, long seed, int index) {
    SplittableRandom random = new SplittableRandom(mixed(seed + (index + 1) * GOLDEN));
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    double fanIn = values.length / (double) shape[0];
    for (int i = 0; i < values.length; i++) {
      double signed = 2 * random.nextDouble() - 1;
      if (shape.length == 4) {
        values[i] = (float) (signed * Math.sqrt(6 / fanIn));
      } else if (name.endsWith(".scale")) { // of a style network, like the shift
        values[i] = (float) (1 + 0.5 * signed);
      } else if (name.endsWith(".shift")) {
        values[i] = (float) (0.5 * signed);
      } else if (name.endsWith("running_var")) {
        values[i] = (float) (1 + 0.5 * signed);
      } else if (name.endsWith("weight")) {
        values[i] = (float) (0.7 + 0.2 * signed);
      } else {
        values[i] = (float) (0.05 * signed);
      }
    }
    return values;
  }

  /** The finaliser of SplitMix64. */
  private static long mixed(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  /** Writes all tensors to a safetensors file, with torchvision's names. */
  public static void write(Backbone backbone, long seed, Path file) throws IOException {
    Map<String, long[]> shapes = shapes(backbone);
    StringJoiner entries = new StringJoiner(",", "{", "}");
    long offset = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      long end = offset + Float.BYTES * Arrays.stream(entry.getValue()).reduce(1, (a, b) -> a * b);
      entries.add(
          String.format(
              "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
              entry.getKey(), Arrays.toString(entry.getValue()), offset, end));
      offset = end;
    }
    byte[] header = entries.toString().getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      write(
          channel,
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(header.length)
              .flip());
      write(channel, ByteBuffer.wrap(header));
      int index = 0;
      for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
        float[] values = values(entry.getKey(), entry.getValue(), seed, index++);
        ByteBuffer bytes =
            ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        write(channel, bytes);
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
