package nst.weights;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleReaderTest {
  private static Object read(String pickle) {
    return new PickleReader(pickle.getBytes(ISO_8859_1)).next();
  }

  @Test
  void readsTheValuesOfPythonsPickler() {
    // pickle.dumps({"a": [1, -2, 70000, True, None], "b": ("x", 2**40)}, 2)
    assertThat(
            read(
                "\u0080\u0002}q\u0000(X\u0001\u0000\u0000\u0000aq\u0001]q\u0002(K\u0001J\u00fe\u00ff\u00ff\u00ff"
                    + "Jp\u0011\u0001\u0000\u0088NeX\u0001\u0000\u0000\u0000bq\u0003X\u0001\u0000\u0000\u0000xq\u0004"
                    + "\u008a\u0006\u0000\u0000\u0000\u0000\u0000\u0001\u0086q\u0005u."))
        .isEqualTo(
            Map.of("a", Arrays.asList(1L, -2L, 70000L, true, null), "b", List.of("x", 1L << 40)));
  }

  @Test
  void refusesTheNameOfAnythingElse() {
    // what pickle.dumps makes of an object whose __reduce__ returns (os.system, ("true",))
    assertThatThrownBy(
            () ->
                read(
                    "\u0080\u0002cposix\nsystem\nq\u0000X\u0004\u0000\u0000\u0000trueq\u0001\u0085q\u0002Rq\u0003."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the pickle names posix.system")
        .hasMessageContaining("a pickle is a program");
  }

  @Test
  void anAllowedNameCallsNothing() {
    Object value = read("\u0080\u0002ctorch._utils\n_rebuild_tensor\n)R.");
    assertThat(value).isInstanceOf(PickleReader.Instance.class);
    assertThat(((PickleReader.Instance) value).arguments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "\u0080", // no version
        "\u0080\u0004N.", // another protocol
        "N.", // protocol 0
        "\u0080\u0002.", // no value
        "\u0080\u0002K\u0001t.", // no mark
        "\u0080\u0002h\u0001.", // nothing remembered
        "\u0080\u0002X\u00ff\u00ff\u00ff\u007fa.", // a text of two gigabytes
        "\u0080\u0002X\u00ff\u00ff\u00ff\u00ffa.", // a text of a negative length
        "\u0080\u0002K\u0001K\u0001R.", // a call of a number
        "\u0080\u0002]K\u0001]s.", // an entry of a list
        "\u0080\u0002}]K\u0001s.", // a key that is a list
        "\u0080\u0002K\u0001]b.", // a state of a number
        "\u0080\u0002K\u0001Q.", // an object outside that is no tuple
        "\u0080\u0002ctorch", // a name without an end
        "\u0080\u0002ios\nsystem\n(t.", // INST
        "\u0080\u0002P1\n." // PERSID
      })
  void refusesWhatIsDamaged(String pickle) {
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pickle");
  }
}
