package nst.engine.network;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The entry of a tensor in the header of a safetensors file.
 *
 * @param type the type of its values, as named by the format: {@code F32}
 * @param shape the lengths of its dimensions, not negative; empty for a single value
 * @param begin the offset of its first byte, relative to the first value in the file
 * @param end the offset after its last byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SafetensorsEntry(String type, long[] shape, long begin, long end) {
  /** The size of a value of each type, in bytes. */
  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E8M0", 1),
          Map.entry("U16", 2),
          Map.entry("I16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("U32", 4),
          Map.entry("I32", 4),
          Map.entry("F32", 4),
          Map.entry("U64", 8),
          Map.entry("I64", 8),
          Map.entry("F64", 8),
          Map.entry("C64", 8));

  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

  /**
   * Parses an entry.
   *
   * @param file the name of the file, for messages
   * @throws IllegalArgumentException if the entry is invalid; the message names the tensor, the
   *     expected value and the actual one
   */
  static SafetensorsEntry of(String file, String tensor, JsonElement json) {
    if (!json.isJsonObject()) {
      throw refused(file, tensor, "expected an object with dtype, shape and data_offsets", json);
    }
    JsonObject entry = json.getAsJsonObject();
    JsonElement type = entry.get("dtype");
    if (type == null || !type.isJsonPrimitive() || !type.getAsJsonPrimitive().isString()) {
      throw refused(file, tensor, "expected dtype to be the name of a type", type);
    }
    String typeName = type.getAsString();
    if (!BYTES.containsKey(typeName)) {
      String known = String.join(", ", BYTES.keySet().stream().sorted().toList());
      throw refused(file, tensor, "expected dtype to be one of " + known, type);
    }
    long[] shape = longs(file, tensor, "shape", "lengths of at least 0", entry.get("shape"));
    long[] offsets =
        longs(file, tensor, "data_offsets", "two offsets of at least 0", entry.get("data_offsets"));
    if (offsets.length != 2) {
      throw refused(
          file,
          tensor,
          "expected data_offsets to be an array of two offsets of at least 0",
          entry.get("data_offsets"));
    }
    if (offsets[1] < offsets[0]) {
      throw refused(
          file, tensor, "expected data_offsets to end after its begin", entry.get("data_offsets"));
    }
    requireLength(file, tensor, typeName, shape, offsets[1] - offsets[0]);
    return new SafetensorsEntry(typeName, shape, offsets[0], offsets[1]);
  }

  private static void requireLength(
      String file, String tensor, String type, long[] shape, long length) {
    String expected =
        "expected as many bytes as a shape of " + Arrays.toString(shape) + " in " + type + " has";
    long bytes = BYTES.get(type);
    try {
      for (long side : shape) {
        bytes = Math.multiplyExact(bytes, side);
      }
    } catch (ArithmeticException e) {
      throw refused(file, "tensor " + tensor + ": " + expected + ", were " + length);
    }
    if (bytes != length) {
      throw refused(file, "tensor " + tensor + ": " + expected + ", " + bytes + ", were " + length);
    }
  }

  /**
   * Checks that every tensor is inside the file and that tensors do not overlap.
   *
   * @param entries the entries by tensor name
   * @param size the size of all values, in bytes
   */
  static void requireApart(String file, Map<String, SafetensorsEntry> entries, long size) {
    List<Map.Entry<String, SafetensorsEntry>> inOrder =
        entries.entrySet().stream()
            .filter(entry -> entry.getValue().begin() < entry.getValue().end())
            .sorted(Comparator.comparingLong(entry -> entry.getValue().begin()))
            .toList();
    for (int i = 0; i < inOrder.size(); i++) {
      SafetensorsEntry entry = inOrder.get(i).getValue();
      String place =
          "tensor "
              + inOrder.get(i).getKey()
              + " at bytes "
              + entry.begin()
              + " to "
              + entry.end()
              + " of the values";
      if (entry.end() > size) {
        throw refused(file, place + " ends after the end of the file, which has " + size);
      }
      if (i > 0 && inOrder.get(i - 1).getValue().end() > entry.begin()) {
        throw refused(
            file,
            place
                + " overlaps tensor "
                + inOrder.get(i - 1).getKey()
                + ", which ends at "
                + inOrder.get(i - 1).getValue().end());
      }
    }
  }

  /** The number of values. */
  long values() {
    return (end - begin) / BYTES.get(type);
  }

  private static long[] longs(
      String file, String tensor, String field, String what, JsonElement json) {
    String expected = "expected " + field + " to be an array of " + what;
    if (json == null || !json.isJsonArray()) {
      throw refused(file, tensor, expected, json);
    }
    JsonArray array = json.getAsJsonArray();
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonElement value = array.get(i);
      boolean isNumber = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
      if (!isNumber || !WHOLE.matcher(value.getAsString()).matches()) {
        throw refused(file, tensor, expected, json);
      }
      values[i] = Long.parseLong(value.getAsString());
      if (values[i] < 0) {
        throw refused(file, tensor, expected, json);
      }
    }
    return values;
  }

  private static IllegalArgumentException refused(
      String file, String tensor, String expected, JsonElement found) {
    String shown = found == null ? "none" : found.toString();
    String was = shown.length() > 200 ? shown.substring(0, 200) + " ..." : shown;
    return refused(file, "tensor " + tensor + ": " + expected + ", was " + was);
  }

  /** The exception for a file that is not a valid safetensors file. */
  static IllegalArgumentException refused(String file, String reason) {
    return new IllegalArgumentException(
        "Invalid weights " + file + ": expected a safetensors file, but " + reason);
  }
}
