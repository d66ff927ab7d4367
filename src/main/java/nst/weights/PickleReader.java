package nst.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nst.model.text.ShortText;

/**
 * Reads pickles of PyTorch's state dicts as plain values and calls nothing. A pickle is a program
 * that builds objects from classes and functions that it names. Here a name is only compared with
 * those that a state dict needs, and an object is its name with its arguments ({@link Instance}).
 *
 * <p>Values are {@code null}, {@link Boolean}, {@link Number}, {@link String}, {@link List} (also
 * for tuples), {@link Map}, {@link Name}, {@link Instance} and {@link Persistent}. The opcodes are
 * those that Python's pickle writes for such values in protocol 2: see {@code pickletools} in
 * Python's library.
 */
final class PickleReader {
  private static final Name ORDERED_DICT = new Name("collections", "OrderedDict");

  /**
   * What a state dict of float32 tensors names. Files of 2017 have parameters where those of today
   * have tensors; PyTorch's {@code torch.load(weights_only=True)} accepts the same names.
   */
  private static final Set<Name> ALLOWED =
      Set.of(
          ORDERED_DICT,
          new Name("torch", "FloatStorage"),
          new Name("torch", "FloatTensor"),
          new Name("torch._utils", "_rebuild_tensor"),
          new Name("torch._utils", "_rebuild_tensor_v2"),
          new Name("torch._utils", "_rebuild_parameter"),
          new Name("torch.nn.parameter", "Parameter"));

  /** A class or a function that a pickle names. */
  record Name(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /** An object that Python would make by a call. */
  static final class Instance {
    private final Name name;
    private final List<?> arguments;
    private Object state; // what Python would pass to __setstate__; null if nothing

    private Instance(Name name, List<?> arguments) {
      this.name = name;
      this.arguments = arguments;
    }

    boolean isOf(String simpleName) {
      return name.name().equals(simpleName); // no two of the allowed names are equal
    }

    List<?> arguments() {
      return arguments;
    }

    Object state() {
      return state;
    }
  }

  /** An object outside the pickle: in a state dict, the values of a tensor. */
  record Persistent(List<?> id) {}

  private final byte[] bytes;
  private int position;
  private List<Object> stack = new ArrayList<>();
  private final Deque<List<Object>> outer = new ArrayDeque<>(); // the stacks below each mark
  private final Map<Long, Object> memo = new HashMap<>();

  /**
   * @param bytes pickles one after another, followed by anything
   */
  PickleReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The position after the last pickle that was read. */
  int position() {
    return position;
  }

  /**
   * Reads the next pickle.
   *
   * @throws IllegalArgumentException if it is damaged, or has another name or instruction than a
   *     state dict
   */
  Object next() {
    stack = new ArrayList<>();
    outer.clear();
    memo.clear();
    int begin = position;
    for (int opcode = unsigned(1); opcode != '.'; opcode = unsigned(1)) {
      if (position == begin + 1 && opcode != 0x80) {
        throw new IllegalArgumentException("expected a pickle of protocol 2 at byte " + begin);
      }
      step(opcode);
    }
    return pop();
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> requireProtocol(unsigned(1));
      case '(' -> {
        outer.push(stack);
        stack = new ArrayList<>();
      }
      case 'N' -> stack.add(null);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) unsigned(1));
      case 'M' -> stack.add((long) unsigned(2));
      case 'J' -> stack.add((long) integer());
      case 0x8a -> stack.add(big(unsigned(1)));
      case 'U' -> stack.add(text(unsigned(1), ISO_8859_1)); // a str of Python 2
      case 'T' -> stack.add(text(integer(), ISO_8859_1));
      case 'X' -> stack.add(text(integer(), UTF_8));
      case ')', ']' -> stack.add(new ArrayList<>());
      case 't' -> {
        List<Object> items = marked();
        stack.add(items);
      }
      case 0x85, 0x86, 0x87 -> stack.add(last(opcode - 0x84));
      case '}' -> stack.add(new LinkedHashMap<String, Object>());
      case 'a' -> append(last(1));
      case 'e' -> append(marked());
      case 's' -> put(last(2));
      case 'u' -> put(marked());
      case 'q' -> memo.put((long) unsigned(1), top());
      case 'r' -> memo.put((long) integer(), top());
      case 'h' -> stack.add(remembered(unsigned(1)));
      case 'j' -> stack.add(remembered(integer()));
      case 'c' -> stack.add(allowed(new Name(line(), line())));
      case 'R', 0x81 -> call();
      case 'b' -> build();
      case 'Q' -> stack.add(new Persistent(list(pop())));
      default ->
          throw new IllegalArgumentException(
              String.format(
                      "the pickle has the instruction 0x%02x at byte %d", opcode, position - 1)
                  + ", which a state dict does not need");
    }
  }

  private static void requireProtocol(int protocol) {
    if (protocol != 2) {
      throw new IllegalArgumentException("expected a pickle of protocol 2, was " + protocol);
    }
  }

  private static Name allowed(Name name) {
    if (!ALLOWED.contains(name)) {
      throw new IllegalArgumentException(
          "the pickle names "
              + ShortText.quoted(name.toString())
              + ", which a state dict does not need. It is refused, because a pickle is a program");
    }
    return name;
  }

  /** Notes a call; that of OrderedDict, with or without a list of pairs, is a map. */
  private void call() {
    List<?> arguments = list(pop());
    if (!(pop() instanceof Name name)) {
      throw damaged("a call of something else than a name");
    }
    if (!name.equals(ORDERED_DICT)) {
      stack.add(new Instance(name, arguments));
      return;
    }
    stack.add(new LinkedHashMap<String, Object>());
    for (Object pair : arguments.isEmpty() ? List.of() : list(arguments.get(0))) {
      put(list(pair));
    }
  }

  /** Notes the state of an object; that of a map, the versions of PyTorch's modules, is dropped. */
  private void build() {
    Object state = pop();
    if (top() instanceof Instance instance) {
      instance.state = state;
    } else if (!(top() instanceof Map)) {
      throw damaged("a state of something else than an object");
    }
  }

  private void append(List<Object> items) {
    if (!(top() instanceof List<?>)) {
      throw damaged("items of something else than a list");
    }
    @SuppressWarnings("unchecked") // only this class makes lists
    List<Object> list = (List<Object>) top();
    list.addAll(items);
  }

  private void put(List<?> keysAndValues) {
    if (!(top() instanceof Map<?, ?>) || keysAndValues.size() % 2 != 0) {
      throw damaged("entries of something else than a map");
    }
    @SuppressWarnings("unchecked") // only this class makes maps
    Map<String, Object> map = (Map<String, Object>) top();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (!(keysAndValues.get(i) instanceof String key)) {
        throw damaged("a key that is no text");
      }
      map.put(key, keysAndValues.get(i + 1));
    }
  }

  private List<Object> marked() {
    if (outer.isEmpty()) {
      throw damaged("no mark");
    }
    List<Object> items = stack;
    stack = outer.pop();
    return items;
  }

  private Object remembered(long key) {
    if (!memo.containsKey(key)) {
      throw damaged("no value with the number " + key);
    }
    return memo.get(key);
  }

  private List<Object> last(int count) {
    if (stack.size() < count) {
      throw damaged("too few values");
    }
    List<Object> end = stack.subList(stack.size() - count, stack.size());
    List<Object> taken = new ArrayList<>(end);
    end.clear();
    return taken;
  }

  private Object pop() {
    return last(1).get(0);
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw damaged("too few values");
    }
    return stack.get(stack.size() - 1);
  }

  private List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw damaged("no tuple");
  }

  private Number big(int length) {
    byte[] reversed = new byte[length];
    int begin = advance(length);
    for (int i = 0; i < length; i++) {
      reversed[length - 1 - i] = bytes[begin + i];
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(reversed);
    return value.bitLength() < Long.SIZE ? (Number) value.longValueExact() : value;
  }

  private String text(int length, java.nio.charset.Charset charset) {
    int begin = advance(length);
    return new String(bytes, begin, length, charset);
  }

  private String line() {
    int begin = position;
    while (unsigned(1) != '\n') {
      // the end is found by unsigned
    }
    return new String(bytes, begin, position - 1 - begin, UTF_8);
  }

  private int integer() {
    return unsigned(Integer.BYTES);
  }

  /** A little-endian number; one of four bytes has a sign. */
  private int unsigned(int length) {
    int begin = advance(length);
    int value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes[begin + i] & 0xff) << (Byte.SIZE * i);
    }
    return value;
  }

  /** Goes on by a number of bytes, and returns the position before. */
  private int advance(int length) {
    if (length < 0 || length > bytes.length - position) {
      throw new IllegalArgumentException(
          "the pickle does not end within the first " + bytes.length + " bytes");
    }
    position += length;
    return position - length;
  }

  private IllegalArgumentException damaged(String what) {
    return new IllegalArgumentException(
        "the pickle is damaged: " + what + " at byte " + (position - 1));
  }
}
