package nst.engine.stylenetwork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import nst.engine.TestEngine;
import nst.engine.network.Arithmetic;
import nst.engine.network.TensorOperations;
import nst.image.RgbImage;
import nst.model.TransferException;
import nst.model.knob.NetworkChoices.Precision;
import org.junit.jupiter.api.Test;

class StyleNetworkBankTest {
  private static final RgbImage PHOTO = TestEngine.images(24, 20).content().whole();

  @Test
  void keepsTheNetworksThatWereUsedLast() {
    Arithmetic arithmetic =
        new Arithmetic(Precision.FLOAT32, TensorOperations.load(TestEngine.device().manager()));
    int count = StyleNetworkBank.MOST_KEPT + 2;
    try (StyleNetworkBank bank = new StyleNetworkBank(TestEngine.device().manager())) {
      List<float[]> pictures = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        pictures.add(bank.picture(start(i), PHOTO, arithmetic).planes());
      }
      assertThat(bank.size()).isEqualTo(StyleNetworkBank.MOST_KEPT);
      assertThat(pictures.get(0)).isNotEqualTo(pictures.get(1));
      for (int i = 0; i < count; i++) { // some are loaded again
        assertThat(bank.picture(start(i), PHOTO, arithmetic).planes()).isEqualTo(pictures.get(i));
      }
    }
  }

  @Test
  void aPhotoHasSidesOfFivePixels() {
    Arithmetic arithmetic =
        new Arithmetic(Precision.FLOAT32, TensorOperations.load(TestEngine.device().manager()));
    try (StyleNetworkBank bank = new StyleNetworkBank(TestEngine.device().manager())) {
      RgbImage smallest = TestEngine.images(5, 40).content().whole();
      assertThat(bank.picture(start(1), smallest, arithmetic).width()).isEqualTo(5);
      assertThatThrownBy(
              () -> bank.picture(start(1), TestEngine.images(40, 4).content().whole(), arithmetic))
          .isInstanceOf(TransferException.class)
          .hasMessageContaining("40 x 4 px: a style network needs sides of at least 5 px");
    }
  }

  @Test
  void aBlendHasAShareForEachLook() {
    StyleNetworkFile file = TestNetworks.file(2, 1, "{}");
    assertThatThrownBy(() -> new NetworkStart(file, "aa", List.of(1.0)))
        .hasMessage("expected 2 shares, one for each look, was 1");
  }

  private static NetworkStart start(int seed) {
    return new NetworkStart(TestNetworks.file(1, seed, "{}"), "digest " + seed, List.of(1.0));
  }
}
