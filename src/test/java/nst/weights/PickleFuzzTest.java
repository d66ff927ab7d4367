package nst.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nst.Fuzz;
import org.junit.jupiter.api.Test;

/**
 * Checks that a damaged file of torch.save is read or rejected with a message, without another
 * exception.
 */
class PickleFuzzTest {
  @Test
  void aDamagedFileIsReadOrRefused() {
    Fuzz.run(
        "pth",
        5,
        List.of(PthFixture.file("tensors.pth"), PthFixture.file("parameters.pth")),
        bytes -> {
          ByteSource file = PthFixture.source(bytes);
          try {
            StateDict dict = StateDict.of(file);
            for (String name : PthFixture.shapes().keySet()) {
              if (dict.shape(name).isPresent()) {
                dict.values(name, file);
              }
            }
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }
}
