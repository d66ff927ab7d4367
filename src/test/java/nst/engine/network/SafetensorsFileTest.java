package nst.engine.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the headers and values of safetensors files. */
class SafetensorsFileTest {
  private static final String GOOD =
      "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'dtype':'F32'}|expected shape to be an array of lengths of at least 0, was none",
        "{'dtype':'F32','shape':'x','data_offsets':[8,12]}|expected shape to be an array",
        "{'dtype':'F32','shape':[-1],'data_offsets':[8,4]}|expected shape to be an array",
        "{'dtype':'F32','shape':[1.5],'data_offsets':[8,14]}|expected shape to be an array",
        "{'dtype':'F32','shape':['1'],'data_offsets':[8,12]}|expected shape to be an array",
        "{'dtype':'F32','shape':[null],'data_offsets':[8,12]}|expected shape to be an array",
        "{'dtype':'F32','shape':null,'data_offsets':[8,12]}|expected shape to be an array",
        "{'dtype':'F32','shape':[1e400],'data_offsets':[8,12]}|expected shape to be an array",
        "{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[8,12]}|as a shape of",
        "{'dtype':'F32','shape':[2],'data_offsets':[8,12]}|in F32 has, 8, were 4",
        "{'dtype':'F16','shape':[1],'data_offsets':[8,12]}|in F16 has, 2, were 4",
        "{'dtype':'F32','shape':[1]}|expected data_offsets to be an array of two offsets",
        "{'dtype':'F32','shape':[1],'data_offsets':[8]}|expected data_offsets to be an array",
        "{'dtype':'F32','shape':[1],'data_offsets':[8,12,16]}|expected data_offsets to be an array",
        "{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}|expected data_offsets to be an array",
        "{'dtype':'F32','shape':[1],'data_offsets':[12,8]}|expected data_offsets to end after",
        "{'dtype':'F32','shape':[1],'data_offsets':[4,8]}|overlaps tensor a, which ends at 8",
        "{'dtype':'F32','shape':[2],'data_offsets':[8,16]}|ends after the end of the file, which has 12",
        "{'dtype':'F32','shape':[1],'data_offsets':[99999999999999996,100000000000000000]}|ends after",
        "{'shape':[1],'data_offsets':[8,12]}|expected dtype to be the name of a type, was none",
        "{'dtype':32,'shape':[1],'data_offsets':[8,12]}|expected dtype to be the name of a type",
        "{'dtype':'F31','shape':[1],'data_offsets':[8,12]}|expected dtype to be one of BF16, BOOL",
        "[8,12]|expected an object with dtype, shape and data_offsets",
        "null|expected an object with dtype, shape and data_offsets"
      })
  void refusesAnEntryThatCannotBeAndNamesTheTensor(String entry, String words) {
    byte[] file = file("{" + GOOD + ",\"net.b\":" + entry.replace('\'', '"') + "}", 12);
    assertThatThrownBy(() -> SafetensorsFile.of("w.safetensors", file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid weights w.safetensors")
        .hasMessageContaining("tensor net.b")
        .hasMessageContaining(words);
  }

  @Test
  void readsEntriesOfEveryKindThatStandApart() throws IOException {
    SafetensorsFile file =
        SafetensorsFile.of(
            "w",
            file(
                "{"
                    + GOOD
                    + ",\"one\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}"
                    + ",\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]}"
                    + ",\"count\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[12,20]}}",
                20));
    assertThat(file.tensor("one").values()).containsExactly(0f);
    assertThat(file.tensor("none").values()).isEmpty();
    assertThatThrownBy(() -> file.tensor("count"))
        .hasMessageContaining("tensor count: expected values in F64, F32, F16, BF16, were I64");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesAValueThatIsNotFinite(float value) {
    byte[] bytes = file("{" + GOOD + "}", 8);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, value);
    SafetensorsFile file = SafetensorsFile.of("w", bytes);
    assertThatThrownBy(() -> file.tensor("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tensor a: expected finite numbers")
        .hasMessageContaining("value 1 is " + value);
  }

  @Test
  void refusesADoubleThatSinglePrecisionDoesNotHold() {
    byte[] bytes = file("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(bytes.length - 8, 1e300);
    SafetensorsFile file = SafetensorsFile.of("w", bytes);
    assertThatThrownBy(() -> file.tensor("a")).hasMessageContaining("tensor a: expected finite");
  }

  /**
   * A file with zeros as values.
   *
   * @param bytes of the values
   */
  static byte[] file(String header, int bytes) {
    byte[] text = header.getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
