package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the files that src/test/resources/nst/weights/make_pth.py made with PyTorch. */
class StateDictTest {
  @ParameterizedTest
  @ValueSource(strings = {"tensors.pth", "parameters.pth"})
  void findsEveryTensorOfPyTorchsFile(String name) throws IOException {
    ByteSource file = PthFixture.source(PthFixture.file(name));
    StateDict dict = StateDict.of(file);
    int number = 0;
    for (Map.Entry<String, List<Long>> tensor : PthFixture.shapes().entrySet()) {
      assertThat(dict.shape(tensor.getKey())).hasValue(tensor.getValue());
      assertThat(dict.values(tensor.getKey(), file))
          .as(tensor.getKey())
          .containsExactly(PthFixture.values(number++, tensor.getValue()));
    }
    assertThat(dict.shape("features.1.weight")).isEmpty();
  }

  @Test
  void findsTensorsThatShareAStorage() throws IOException {
    ByteSource file = PthFixture.source(PthFixture.file("tensors.pth"));
    StateDict dict = StateDict.of(file);
    assertThat(dict.values("shared.end", file)).containsExactly(5, 6, 7, 8);
    assertThat(dict.shape("shared.middle")).hasValue(List.of(2L, 3L));
    assertThat(dict.values("shared.middle", file)).containsExactly(-1, 0, 1, 2, 3, 4);
  }

  @Test
  void refusesAFileThatIsCutShort() {
    byte[] file = PthFixture.file("tensors.pth");
    byte[] cut = Arrays.copyOf(file, file.length - 4);
    assertThatThrownBy(() -> StateDict.of(PthFixture.source(cut)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected a file of " + file.length + " bytes for its storages, was " + cut.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PK\u0003\u0004 and more", "<!doctype html>", ""})
  void refusesAnotherKindOfFile(String text) {
    assertThatThrownBy(
            () ->
                StateDict.of(
                    PthFixture.source(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
