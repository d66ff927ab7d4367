package nst.weights;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nst.model.text.ShortText;
import nst.weights.PickleReader.Instance;
import nst.weights.PickleReader.Name;
import nst.weights.PickleReader.Persistent;

/**
 * The tensors of a file that {@code torch.save} wrote before PyTorch 1.6: where each one is, so
 * that only those that are needed are read.
 *
 * <p>The file has five pickles: a magic number, the protocol, facts about the machine, the state
 * dict, and the keys of the storages. Then come the storages in the order of the keys, each as the
 * number of its values and the values ({@code torch.serialization._legacy_save}). Here every value
 * is a little-endian float32.
 */
final class StateDict {
  /** The pickles of a VGG19 have about 4 KB. */
  static final int MOST_HEADER_BYTES = 1 << 18;

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long PROTOCOL = 1001;
  private static final int COUNT_BYTES = Long.BYTES;

  /** Values of one or several tensors. */
  private record Storage(String key, long length) {}

  /**
   * A tensor of which the values are contiguous.
   *
   * @param first the index of its first value in its storage
   */
  private record Stored(List<Long> shape, Storage storage, long first) {
    long length() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  private final Map<String, Stored> tensors = new LinkedHashMap<>();
  private final Map<String, Storage> storages = new HashMap<>();
  private final Map<String, Long> positions = new HashMap<>(); // of the count of each storage

  private StateDict() {}

  /**
   * Reads where the tensors are.
   *
   * @throws IllegalArgumentException if it is another kind of file, or does not hold together
   */
  static StateDict of(ByteSource file) throws IOException {
    long size = file.size();
    byte[] head = file.read(0, (int) Math.min(MOST_HEADER_BYTES, size));
    if (head.length > 1 && head[0] == 'P' && head[1] == 'K') {
      throw new IllegalArgumentException(
          "the file is in PyTorch's format since 1.6 (zip), expected the one before. Convert it"
              + " with PyTorch");
    }
    StateDict dict = new StateDict();
    try {
      dict.index(new PickleReader(head), size);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a tensor has more values than any file", e);
    }
    return dict;
  }

  private void index(PickleReader pickles, long size) {
    if (!MAGIC.equals(pickles.next()) || !Long.valueOf(PROTOCOL).equals(pickles.next())) {
      throw new IllegalArgumentException("expected a file of torch.save, was another pickle");
    }
    if (!(pickles.next() instanceof Map<?, ?> machine)
        || !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw new IllegalArgumentException("expected little-endian values");
    }
    if (!(pickles.next() instanceof Map<?, ?> dict)) {
      throw new IllegalArgumentException("expected a state dict, was another object");
    }
    dict.forEach((name, value) -> tensors.put((String) name, stored((String) name, value)));
    if (!(pickles.next() instanceof List<?> keys)) {
      throw new IllegalArgumentException("expected the list of the storages");
    }
    long position = pickles.position();
    for (Object key : keys) {
      Storage storage = storages.get(String.valueOf(key instanceof String ? key : ""));
      if (storage == null || positions.putIfAbsent(storage.key(), position) != null) {
        throw new IllegalArgumentException("the list of the storages is not that of the tensors");
      }
      position = Math.addExact(position, COUNT_BYTES + bytes(storage.length()));
    }
    if (positions.size() != storages.size() || position != size) {
      throw new IllegalArgumentException(
          "expected a file of " + position + " bytes for its storages, was " + size);
    }
  }

  private static long bytes(long values) {
    return Math.multiplyExact(values, Float.BYTES);
  }

  /** Finds the tensor of an entry, which may be inside a parameter. */
  private Stored stored(String name, Object value) {
    Object tensor = value;
    if (value instanceof Instance parameter
        && (parameter.isOf("Parameter") || parameter.isOf("_rebuild_parameter"))
        && !parameter.arguments().isEmpty()) {
      tensor = parameter.arguments().get(0);
    }
    List<?> parts = List.of(); // storage, first, shape, strides and what matters only to gradients
    if (tensor instanceof Instance instance) {
      parts =
          instance.isOf("FloatTensor") && instance.state() instanceof List<?> state
              ? state
              : instance.arguments();
    }
    if (parts.size() < 4 || !(parts.get(0) instanceof Persistent storage)) {
      throw new IllegalArgumentException("expected a float32 tensor: " + ShortText.quoted(name));
    }
    List<Long> shape = numbers(name, parts.get(2));
    requireContiguous(name, shape, numbers(name, parts.get(3)));
    return placed(name, shape, storage.id(), number(name, parts.get(1)));
  }

  /**
   * Finds the place of a tensor.
   *
   * @param id {@code ("storage", type, key, device, length, view)}. The view, if there is one, says
   *     which part of the storage this is: {@code (key, first, length)}
   */
  private Stored placed(String name, List<Long> shape, List<?> id, long offset) {
    if (id.size() < 5
        || !"storage".equals(id.get(0))
        || !new Name("torch", "FloatStorage").equals(id.get(1))
        || !(id.get(2) instanceof String key)) {
      throw new IllegalArgumentException("expected a float32 tensor: " + ShortText.quoted(name));
    }
    long first = offset;
    long room = number(name, id.get(4));
    Storage storage = new Storage(key, room);
    Storage known = storages.putIfAbsent(key, storage);
    if (id.size() > 5 && id.get(5) instanceof List<?> view && view.size() == 3) {
      first = Math.addExact(offset, number(name, view.get(1)));
      room = Math.min(room, Math.addExact(number(name, view.get(1)), number(name, view.get(2))));
    }
    Stored stored = new Stored(shape, storage, first);
    if ((known != null && !known.equals(storage)) || Math.addExact(first, stored.length()) > room) {
      throw new IllegalArgumentException(
          "tensor " + ShortText.quoted(name) + " does not fit into its storage");
    }
    return stored;
  }

  private static void requireContiguous(String name, List<Long> shape, List<Long> strides) {
    long step = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      if (strides.size() != shape.size() || (shape.get(i) > 1 && strides.get(i) != step)) {
        throw new IllegalArgumentException(
            "expected a contiguous tensor: " + ShortText.quoted(name));
      }
      step = Math.multiplyExact(step, shape.get(i));
    }
  }

  private static List<Long> numbers(String name, Object value) {
    List<Long> numbers = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(each -> numbers.add(number(name, each)));
      return numbers;
    }
    throw new IllegalArgumentException("expected a shape: " + ShortText.quoted(name));
  }

  private static long number(String name, Object value) {
    if (value instanceof Long number && number >= 0) {
      return number;
    }
    throw new IllegalArgumentException("expected sizes of at least 0: " + ShortText.quoted(name));
  }

  /** The shape of a tensor; empty if the file has none of this name. */
  Optional<List<Long>> shape(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Stored::shape);
  }

  /**
   * Reads the values of a tensor, and nothing of the other storages.
   *
   * @param name of a tensor in the file
   */
  float[] values(String name, ByteSource file) throws IOException {
    Stored tensor = tensors.get(name);
    Storage storage = tensor.storage();
    long begin = positions.get(storage.key());
    long end = bytes(Math.addExact(tensor.first(), tensor.length()));
    ByteBuffer read =
        ByteBuffer.wrap(file.read(begin, Math.toIntExact(COUNT_BYTES + end)))
            .order(ByteOrder.LITTLE_ENDIAN);
    long count = read.getLong(); // shows that this is the right place
    if (count != storage.length()) {
      throw new IllegalArgumentException(
          "expected " + storage.length() + " values in the storage of " + name + ", was " + count);
    }
    float[] values = new float[Math.toIntExact(tensor.length())];
    read.position((int) (COUNT_BYTES + bytes(tensor.first())));
    read.asFloatBuffer().get(values);
    return values;
  }
}
