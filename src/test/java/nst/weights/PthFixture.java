package nst.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import nst.model.text.Sha256;

/** The small files of torch.save that make_pth.py made, and networks that are made of them. */
public final class PthFixture {
  static final Attempts PATIENT = new Attempts(3, Duration.ZERO);
  static final Attempts ONCE = new Attempts(0, Duration.ZERO);
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private PthFixture() {}

  /** The tensors that both files have, in their order. */
  static Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put("features.0.weight", List.of(4L, 3L, 3L, 3L));
    shapes.put("features.0.bias", List.of(4L));
    shapes.put("features.2.weight", List.of(2L, 4L, 3L, 3L));
    shapes.put("features.2.bias", List.of(2L));
    shapes.put("classifier.0.weight", List.of(5L, 8L));
    shapes.put("classifier.0.bias", List.of(5L));
    return shapes;
  }

  /** The values that make_pth.py gave to the tensor with this number. */
  static float[] values(int number, List<Long> shape) {
    float[] values = new float[shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000f * number + i;
    }
    return values;
  }

  public static byte[] file(String name) {
    try (InputStream in = PthFixture.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A network whose file has these bytes. */
  public static PublishedNetwork published(byte[] file) {
    return new PublishedNetwork(
        "vgg19",
        URI.create("https://example.org/models/tiny.pth"),
        file.length,
        Sha256.hex(file),
        shapes().entrySet().stream()
            .filter(tensor -> tensor.getKey().startsWith("features"))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new)),
        "The licence of a test.\n");
  }

  /** Bytes in memory. */
  static ByteSource source(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public byte[] read(long from, int length) {
        return java.util.Arrays.copyOfRange(bytes, (int) from, (int) from + length);
      }
    };
  }
}
