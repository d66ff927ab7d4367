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
 * Tensors by name out of a safetensors file: eight bytes that say how long the JSON header is, the
 * header, the values.
 *
 * <p>DJL's {@code NDList.decode} reads every tensor of the file; VGG19's has 494 MB of classifier
 * that no style needs. This reads the named ones alone.
 */
final class SafetensorsFile {
  private static final int LENGTH_BYTES = 8;
  private static final String METADATA = "__metadata__";

  /** A header is a few kilobytes; what claims more is no safetensors file. */
  private static final long MAX_HEADER_BYTES = 100L << 20;

  /** The types that {@link #tensor} reads. */
  private static final List<String> READ = List.of("F64", "F32", "F16", "BF16");

  /** Values and their shape. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tensor(long[] shape, float[] values) {}

  /** Where the bytes are. */
  private interface Source {
    long size() throws IOException;

    /** Little-endian, with all {@code length} bytes; they are there. */
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
   * Reads the header and checks every entry of it: type, shape and place.
   *
   * @throws IllegalArgumentException if the file is no safetensors file, with the name of the
   *     tensor that is at fault
   */
  static SafetensorsFile open(Path file) throws IOException {
    return open(file.toString(), new FileSource(file));
  }

  /**
   * The same of a file that is in memory already.
   *
   * @param name for messages
   * @param bytes not to be written to as long as tensors are read
   */
  static SafetensorsFile of(String name, byte[] bytes) {
    try {
      return open(name, new Bytes(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafetensorsFile open(String name, Source source) throws IOException {
    long size = source.size();
    if (size < LENGTH_BYTES) {
      throw SafetensorsEntry.refused(name, "its " + size + " bytes are too few");
    }
    long length = source.read(0, LENGTH_BYTES).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES || LENGTH_BYTES + length > size) {
      throw SafetensorsEntry.refused(name, "its first eight bytes are no header length");
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

  /** What the file says of itself under a key. */
  Optional<String> metadata(String key) {
    return Optional.ofNullable(metadata.get(key));
  }

  /** Whether a tensor of that name is there. */
  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** The names, sorted. */
  Iterable<String> names() {
    return entries.keySet();
  }

  /** The shape of a tensor; empty where there is none of that name. */
  Optional<long[]> shape(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.shape().clone());
  }

  /**
   * The named tensor in single precision, whatever it is stored in.
   *
   * @throws IllegalArgumentException where its values are of a type that is not read here, or one
   *     of them is no finite number in single precision
   */
  Tensor tensor(String tensor) throws IOException {
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
    if (type.equals("F32")) {
      bytes.asFloatBuffer().get(values);
      return values;
    }
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (type) {
            case "F64" -> (float) bytes.getDouble();
            case "F16" -> halfToFloat(bytes.getShort());
            default -> Float.intBitsToFloat(bytes.getShort() << 16); // BF16
          };
    }
    return values;
  }

  /** IEEE 754 binary16; the JDK has its own from version 20 on. */
  static float halfToFloat(short half) {
    int sign = half >> 15;
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
    }
    return sign == 0 ? magnitude : -magnitude;
  }
}
