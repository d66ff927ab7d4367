package nst.engine.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads tensors by name from a safetensors file. The file has eight bytes with the length of the
 * JSON header, then the header, then the values.
 *
 * <p>DJL's {@code NDList.decode} reads every tensor of a file, such as VGG19's large classifier,
 * which style transfer does not need. This class reads only the named tensors.
 */
public final class SafetensorsFile {
  private static final int LENGTH_BYTES = 8;
  private static final String METADATA = "__metadata__";

  /** A header has a few kilobytes. A file that states a larger one is not a safetensors file. */
  private static final long MAX_HEADER_BYTES = 100L << 20;

  /** The types that {@link #tensor} reads. */
  private static final List<String> READ = List.of("F64", "F32", "F16", "BF16");

  /** Values and their shape. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tensor(long[] shape, float[] values) {}

  /** The source of the bytes. */
  private interface Source {
    long size() throws IOException;

    /** Reads {@code length} bytes, which must exist, in little-endian order. */
    ByteBuffer read(long position, int length) throws IOException;
  }

  private final String name; // for messages
  private final Source source;
  private final long valuesBegin;
  private final Map<String, SafetensorsEntry> entries = new TreeMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private SafetensorsFile(String name, Source source, long valuesBegin) {
    this.name = name;
    this.source = source;
    this.valuesBegin = valuesBegin;
  }

  /**
   * Reads the header and checks type, shape and position of every entry.
   *
   * @throws IllegalArgumentException if the file is not a valid safetensors file; the message names
   *     the invalid tensor
   */
  public static SafetensorsFile open(Path file) throws IOException {
    return open(file.toString(), new FileSource(file));
  }

  /**
   * The same for a file in memory.
   *
   * @param name the name for messages
   * @param bytes the file; must not be modified while tensors are read
   */
  public static SafetensorsFile of(String name, byte[] bytes) {
    try {
      return open(name, new Bytes(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafetensorsFile open(String name, Source source) throws IOException {
    long size = source.size();
    if (size < LENGTH_BYTES) {
      throw SafetensorsEntry.refused(name, "it has only " + size + " bytes");
    }
    long length = source.read(0, LENGTH_BYTES).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES || LENGTH_BYTES + length > size) {
      throw SafetensorsEntry.refused(name, "its first eight bytes are not a header length");
    }
    byte[] header = new byte[(int) length];
    source.read(LENGTH_BYTES, header.length).get(header);
    SafetensorsFile opened = new SafetensorsFile(name, source, LENGTH_BYTES + length);
    opened.index(new String(header, StandardCharsets.UTF_8));
    return opened;
  }

  private record FileSource(Path file) implements Source {
    @Override
    public long size() throws IOException {
      return Files.size(file);
    }

    @Override
    public ByteBuffer read(long position, int length) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, position + bytes.position()) < 0) {
            throw new IOException("The file ended while it was read");
          }
        }
        return bytes.flip();
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Bytes(byte[] bytes) implements Source {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public ByteBuffer read(long position, int length) {
      return ByteBuffer.wrap(bytes, Math.toIntExact(position), length)
          .slice()
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void index(String header) throws IOException {
    try {
      for (Map.Entry<String, JsonElement> entry :
          JsonParser.parseString(header).getAsJsonObject().entrySet()) {
        if (!entry.getKey().equals(METADATA)) {
          entries.put(entry.getKey(), SafetensorsEntry.of(name, entry.getKey(), entry.getValue()));
          continue;
        }
        entry
            .getValue()
            .getAsJsonObject()
            .entrySet()
            .forEach(pair -> metadata.put(pair.getKey(), pair.getValue().getAsString()));
      }
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw SafetensorsEntry.refused(name, "its header is not JSON");
    }
    SafetensorsEntry.requireApart(name, entries, source.size() - valuesBegin);
  }

  /** The value of a metadata key. */
  public Optional<String> metadata(String key) {
    return Optional.ofNullable(metadata.get(key));
  }

  /** Whether the file has a tensor with this name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** The names of the tensors, sorted. */
  public Iterable<String> names() {
    return entries.keySet();
  }

  /** The shape of a tensor; empty if there is none with this name. */
  Optional<long[]> shape(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.shape().clone());
  }

  /**
   * Reads a tensor and converts it to single precision.
   *
   * @throws IllegalArgumentException if its type is not supported or a value is not finite in
   *     single precision
   */
  public Tensor tensor(String tensor) throws IOException {
    SafetensorsEntry entry = entries.get(tensor);
    if (!READ.contains(entry.type())) {
      throw SafetensorsEntry.refused(
          name,
          "tensor "
              + tensor
              + ": expected values in "
              + String.join(", ", READ)
              + ", were "
              + entry.type());
    }
    int length = Math.toIntExact(entry.end() - entry.begin());
    int count = Math.toIntExact(entry.values());
    float[] values = floats(source.read(valuesBegin + entry.begin(), length), entry.type(), count);
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw SafetensorsEntry.refused(
            name,
            "tensor "
                + tensor
                + ": expected finite numbers in single precision, value "
                + i
                + " is "
                + values[i]);
      }
    }
    return new Tensor(entry.shape().clone(), values);
  }

  private static float[] floats(ByteBuffer bytes, String type, int count) {
    float[] values = new float[count];
    switch (type) {
      case "F32" -> bytes.asFloatBuffer().get(values);
      case "F64" -> {
        double[] doubles = new double[count];
        bytes.asDoubleBuffer().get(doubles);
        for (int i = 0; i < count; i++) {
          values[i] = (float) doubles[i];
        }
      }
      default -> {
        short[] halves = new short[count];
        bytes.asShortBuffer().get(halves);
        boolean isBrain = type.equals("BF16");
        for (int i = 0; i < count; i++) {
          values[i] = isBrain ? Float.intBitsToFloat(halves[i] << 16) : halfToFloat(halves[i]);
        }
      }
    }
    return values;
  }

  /**
   * Converts from IEEE 754 binary16. The JDK has such a method from version 20. The bits are moved
   * to their places in binary32, whose exponent has a bias that is larger by 112; the
   * multiplication is exact, also for subnormal numbers.
   */
  static float halfToFloat(short half) {
    float magnitude =
        (half & 0x7c00) != 0x7c00
            ? Float.intBitsToFloat((half & 0x7fff) << 13) * 0x1p112f
            : (half & 0x3ff) == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    return half < 0 ? -magnitude : magnitude;
  }
}
